"""Parses telephone numbers as people type them, into the form dialled from France."""

from typing import Any, NamedTuple

REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT", "NC", "PF")
"""Regions whose national format is accepted, in order: metropolitan France, then the overseas numbering plans."""

DIALLED_FROM_FRANCE = {33, 262, 590, 594, 596}
"""Country codes whose numbers are all dialled with a 0 and nine digits within the French plan."""

FICTIONAL_NUMBERS = "+33639980000", "+33639989999"
"""Range reserved by the ARCEP for works of fiction (décision n° 2018-0881), used by the demo town."""


class Phone(NamedTuple):
    """`number`: « 0612345678 », or « +687751234 » for numbers that France dials as foreign."""

    number: str
    mobile: bool


def read_phone(typed: str) -> Phone | None:
    """Returns the number, in whatever format it was typed; None when it is valid in none of REGIONS."""
    import phonenumbers  # imported here: only one form needs its tables, and they slow the cold start

    landlines = {phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.VOIP}
    spaced = " ".join(typed.split())
    for region in REGIONS:
        try:
            parsed = phonenumbers.parse(spaced, region)
        except phonenumbers.NumberParseException:
            continue
        international = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(parsed) or FICTIONAL_NUMBERS[0] <= international <= FICTIONAL_NUMBERS[1]:
            return Phone(_dialled(parsed, international), phonenumbers.number_type(parsed) not in landlines)
    return None


def _dialled(parsed: Any, international: str) -> str:
    if parsed.country_code not in DIALLED_FROM_FRANCE:
        return international
    return f"0{international.removeprefix(f'+{parsed.country_code}')}"
