"""Telephone numbers as people type them, kept as France dials them."""

from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT", "NC", "PF")
"""Whose national form is understood: metropolitan France first, then each overseas plan on its own."""

DIALLED_FROM_FRANCE = {33, 262, 590, 594, 596}
"""Countries whose numbers are all dialled with a 0 and nine digits within the French plan."""

FICTION = "+33639980000", "+33639989999"
"""Mobiles that the ARCEP keeps for works of fiction (décision n° 2018-0881): no operator has them, town demos do."""

LANDLINES = {PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP}


class Phone(NamedTuple):
    """`number` is « 0612345678 », or « +687751234 » where France dials abroad."""

    number: str
    mobile: bool


def read_phone(typed: str) -> Phone | None:
    """The number that was meant, however it was written; None when no country we try has such a number."""
    spaced = " ".join(typed.split())
    for region in REGIONS:
        try:
            parsed = phonenumbers.parse(spaced, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed) or _fictional(parsed):
            return Phone(_dialled(parsed), phonenumbers.number_type(parsed) not in LANDLINES)
    return None


def _dialled(parsed: PhoneNumber) -> str:
    national = phonenumbers.national_significant_number(parsed)
    return f"0{national}" if parsed.country_code in DIALLED_FROM_FRANCE else _international(parsed)


def _fictional(parsed: PhoneNumber) -> bool:
    return FICTION[0] <= _international(parsed) <= FICTION[1]


def _international(parsed: PhoneNumber) -> str:
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
