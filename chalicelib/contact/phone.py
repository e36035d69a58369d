"""Reads a telephone number as people type it, in a form or in a file, into the form dialled from France."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from chalicelib.errors import ValueRefused

REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT", "NC", "PF")
"""Regions whose national format is accepted, in order: metropolitan France, then the overseas numbering plans."""

DIALLED_FROM_FRANCE = {33, 262, 590, 594, 596}
"""Country codes whose numbers are all dialled with a 0 and nine digits within the French plan."""

NEIGHBOURS = ("32", "34", "39", "41", "49", "352", "376", "377")
"""Country codes that are recognised without their « + » or « 00 », which a spreadsheet removes."""

FICTIONAL_NUMBERS = "+33639980000", "+33639989999"
"""Range reserved by the ARCEP for works of fiction (décision n° 2018-0881), used by the demo town."""

LABEL = re.compile(r"(?:t[ée]l(?:[ée]phone)?|mobile|portable|fixe)\b[ .:]*", re.IGNORECASE)
WRITTEN = re.compile(r"\(?\+?[0-9 ./()·‐‒–—−-]+", re.ASCII)
TRUNK_ZERO = re.compile(r"\( *0 *\)")
"""« +33 (0)6 »: the zero that is dialled within the country only."""

BETWEEN_NUMBERS = (re.compile(r"[,;|&]|(?<= )(?:ou|et|[/–—-])(?= )", re.IGNORECASE), re.compile(r"/"))
LONGEST = 100
"""Signs; two numbers, each with a word beside it, are shorter."""

SHORTEST = 8
"""Digits that a text needs to be taken for a number that is wrong; real ones may be shorter (New Caledonia: six)."""

TWO_FRENCH_NUMBERS = re.compile(r"(?:0[0-9]{9}){2}")
MOST_PARTS = 6


class Phone(NamedTuple):
    """`number`, as it is stored: « 0612345678 », or « +687751234 » for numbers that France dials as foreign.

    `country_code` and `national`: the same for the bank, « +33 » and « 0612345678 », « +377 » and « 612345678 ».
    """

    number: str
    mobile: bool
    country_code: str
    national: str


def read_phone(typed: str) -> Phone:
    """Returns the number, in whatever format it was typed.

    Raises ValueRefused: « phone_several » for two numbers or more, « phone_wrong » for what is none of a country's.
    """
    text = _cleaned(typed) if len(typed) <= LONGEST else ""
    found = _find(text)
    if found:
        return found
    raise ValueRefused("phone_several" if _holds_several(text) else "phone_wrong")


def find_phone(typed: str) -> Phone | None:
    """Returns the same; None where it raises."""
    try:
        return read_phone(typed)
    except ValueRefused:
        return None


def _cleaned(typed: str) -> str:
    """Returns the text on one line, without invisible signs, the apostrophe of a spreadsheet or « tél. »."""
    folded = unicodedata.normalize("NFKC", typed)
    spaced = "".join(" " if sign.isspace() else sign for sign in folded)
    visible = "".join(sign for sign in spaced if unicodedata.category(sign)[0] != "C")
    return LABEL.sub("", " ".join(visible.split()).removeprefix("'"), count=1).strip()


def _find(text: str) -> Phone | None:
    if not WRITTEN.fullmatch(text):
        return None
    import phonenumbers  # imported here: two forms need its tables, and they slow the cold start

    for written, region in _attempts(text):
        try:
            parsed = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        international = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(parsed) or FICTIONAL_NUMBERS[0] <= international <= FICTIONAL_NUMBERS[1]:
            return _phone(parsed, international)
    return None


def _attempts(text: str) -> Iterator[tuple[str, str | None]]:
    """Yields a number to parse and the region whose national format it may have."""
    digits = re.sub(r"\D", "", text)
    if "+" in text or digits.startswith("00"):
        yield "+" + re.sub(r"\D", "", TRUNK_ZERO.sub("", text)).removeprefix("" if "+" in text else "00"), None
        return
    for region in REGIONS:
        yield digits, region
    if digits.startswith(NEIGHBOURS):
        yield f"+{digits}", None


def _phone(parsed: Any, international: str) -> Phone:
    import phonenumbers

    landlines = {phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.VOIP}
    code = f"+{parsed.country_code}"
    if parsed.country_code in DIALLED_FROM_FRANCE:
        number = national = f"0{international.removeprefix(code)}"
    else:
        number = international
        national = re.sub(r"\D", "", phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))
    return Phone(number, phonenumbers.number_type(parsed) not in landlines, code, national)


def _holds_several(text: str) -> bool:
    for separator in BETWEEN_NUMBERS:
        parts = separator.split(text, maxsplit=MOST_PARTS)[:MOST_PARTS]
        if sum(1 for part in parts if _resembles(LABEL.sub("", part.strip(), count=1))) > 1:
            return True
    digits = re.sub(r"\D", "", text)
    return bool(WRITTEN.fullmatch(text)) and TWO_FRENCH_NUMBERS.fullmatch(digits) is not None


def _resembles(part: str) -> bool:
    """A number, or what was meant as one: two wrong numbers are two numbers."""
    return bool(WRITTEN.fullmatch(part)) and (len(re.sub(r"\D", "", part)) >= SHORTEST or _find(part) is not None)
