"""Parses typed dates: « 1/9/2026 », « 01.09.26 », « 1er septembre 2026 », or a date picker's « 2026-09-01 »."""

import re
import unicodedata
from datetime import date

from chalicelib.formats import MONTHS

ISO = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})", re.ASCII)
FRENCH = re.compile(r"(\d{1,2})(?:er)?[-/. ]+(\d{1,2}|[a-z]{3,9})\.?[-/. ]+(\d{4}|\d{2})", re.ASCII)
CENTURY = 2000


def read_day(typed: str) -> date | None:
    """Returns the date; None when the text is no date, or one that the calendar does not have."""
    bare = normalise(typed)
    if iso := ISO.fullmatch(bare):
        return calendar_day(*map(int, iso.groups()))
    french = FRENCH.fullmatch(bare)
    month = month_of(french[2]) if french else None
    if french is None or month is None:
        return None
    year = int(french[3])
    return calendar_day(year if year >= 100 else CENTURY + year, month, int(french[1]))


def month_of(written: str) -> int | None:
    """Returns the month of « 9 », « septembre » or « sept »; None when several months begin so, or none."""
    if written.isdecimal():
        return int(written)
    found = [number for number, name in enumerate(MONTHS, 1) if normalise(name).startswith(written)]
    return found[0] if len(found) == 1 else None


def calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def normalise(text: str) -> str:
    """Returns the text in lower case, without accents or surrounding spaces."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return bare.strip().lower()
