"""Telephone numbers as people type them, kept as France dials them."""

from typing import Any, NamedTuple

REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT", "NC", "PF")
"""Whose national form is understood: metropolitan France first, then each overseas plan on its own."""

DIALLED_FROM_FRANCE = {33, 262, 590, 594, 596}
"""Countries whose numbers are all dialled with a 0 and nine digits within the French plan."""

FICTION = "+33639980000", "+33639989999"
"""Mobiles that the ARCEP keeps for works of fiction (décision n° 2018-0881): no operator has them, town demos do."""


class Phone(NamedTuple):
    """`number` is « 0612345678 », or « +687751234 » where France dials abroad."""

    number: str
    mobile: bool


def read_phone(typed: str) -> Phone | None:
    """The number that was meant, however it was written; None when no country we try has such a number."""
    import phonenumbers  # its tables are for this form alone: no other page's cold start waits for them

    landlines = {phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.VOIP}
    spaced = " ".join(typed.split())
    for region in REGIONS:
        try:
            parsed = phonenumbers.parse(spaced, region)
        except phonenumbers.NumberParseException:
            continue
        international = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(parsed) or FICTION[0] <= international <= FICTION[1]:
            return Phone(_dialled(parsed, international), phonenumbers.number_type(parsed) not in landlines)
    return None


def _dialled(parsed: Any, international: str) -> str:
    if parsed.country_code not in DIALLED_FROM_FRANCE:
        return international
    return f"0{international.removeprefix(f'+{parsed.country_code}')}"
