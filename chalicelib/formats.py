"""French formats and Paris time: money, dates, hours, telephones, with non-breaking spaces."""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

MONTH_NUMBERS = {
    "".join(letter for letter in unicodedata.normalize("NFKD", name) if letter.isascii()): number
    for number, name in enumerate(MONTHS, 1)
}
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)", re.ASCII)
NUMBERED_MONTH = re.compile(r"(?<!\d)(0?[1-9]|1[0-2])[/-]20\d\d(?!\d)|(?<!\d)20\d\d-(0[1-9]|1[0-2])(?!\d)", re.ASCII)
PARIS = ZoneInfo("Europe/Paris")


def in_paris(instant: datetime) -> datetime:
    """Returns the same instant in Paris time."""
    return instant.astimezone(PARIS)


def day_in_paris(instant: datetime) -> date:
    """Returns the calendar day of an instant in Paris: due dates and histories are counted in these days."""
    return in_paris(instant).date()


def day_begins(day: date) -> datetime:
    """Returns the first instant of a day in Paris, in UTC."""
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


def euros(cents: int) -> str:
    """Integer cents as « 1 234,50 € »; a credit as « −12,00 € »."""
    whole, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    return f"{sign}{thousands(whole)},{rest:02d}{NBSP}€"


def plain_euros(cents: int) -> str:
    """Integer cents for a file: « 1234,50 », « -12,00 », without currency or grouping."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{rest:02d}"


def price(amount: Decimal) -> str:
    """A unit price in euros, two to four decimals: « 2,85 € », « 3,125 € », « −0,3333 € »."""
    whole, decimals = _split(amount)
    return f"{'−' if amount < 0 else ''}{thousands(int(whole))},{decimals}{NBSP}€"


def plain_price(amount: Decimal) -> str:
    """The same for a file: « 2,85 », « -0,3333 », without currency or grouping."""
    return f"{'-' if amount < 0 else ''}{','.join(_split(amount))}"


def _split(amount: Decimal) -> tuple[str, str]:
    """Returns the digits before and after the decimal comma: « 3 » and « 125 »."""
    whole, _, decimals = f"{abs(amount):.4f}".partition(".")
    return whole, decimals[:2] + decimals[2:].rstrip("0")


def phone(number: str) -> str:
    """« 06 12 34 56 78 »: ten digits in pairs; any other number as it is stored."""
    if len(number) != 10 or not number.isdecimal():
        return number
    return NBSP.join(number[start : start + 2] for start in range(0, 10, 2))


def thousands(number: int) -> str:
    """An integer with a narrow space between thousands: « 10 000 »."""
    return f"{number:,}".replace(",", NARROW_NBSP)


def month_named(text: str) -> date | None:
    """Returns the first day of the last month that a text names: « octobre 2026 », « Mai à juillet 2026 », « 10/2026 ».

    None when it names none, or no year.
    """
    years = YEAR.findall(text)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if letter.isascii())
    named = [number for word in re.findall(r"[a-z]+", plain) if (number := MONTH_NUMBERS.get(word))]
    numbered = NUMBERED_MONTH.search(text)
    if numbered and not named:
        named = [int(numbered[1] or numbered[2])]
    return date(int(years[-1]), named[-1], 1) if years and named else None


def quantity(value: Decimal) -> str:
    """A quantity without needless zeros: « 12 », « 2,5 », « −1 »."""
    text = f"{value.normalize():f}"
    return text.replace(".", ",").replace("-", "−")


def short_day(day: date) -> str:
    """« 24/06/2011 », as the guide's tables write days."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def long_day(day: date) -> str:
    """« 1er juin 2026 », « 24 juin 2026 »."""
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def hour(instant: datetime) -> str:
    """The hour of an instant in Paris: « 9 h 05 »."""
    local = in_paris(instant)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def long_instant(instant: datetime) -> str:
    """« 24 juin 2026 à 9 h 05 », in Paris time."""
    return f"{long_day(in_paris(instant).date())} à {hour(instant)}"


def iso_instant(instant: datetime) -> str:
    """« 2026-06-24T09:05:00+02:00 »: an instant to the second in Paris time, as PBX_TIME requires."""
    return in_paris(instant).isoformat(timespec="seconds")


def size(byte_count: int) -> str:
    """A file's size for a link: « 24 Ko », « 1,2 Mo »."""
    if byte_count < 1_000_000:
        return f"{max(1, round(byte_count / 1000))}{NBSP}Ko"
    return f"{byte_count / 1_000_000:.1f}".replace(".", ",") + f"{NBSP}Mo"
