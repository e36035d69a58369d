"""Typed cells of a workbook as the text that a CSV would have: what a spreadsheet did to a number or a text is told.

A number in a column of texts has lost what the spreadsheet takes away, its first zero: it is given back where only one
reading is possible.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from chalicelib.contact.phone import NEIGHBOURS, find_phone
from chalicelib.contact.postal_address import read_place
from chalicelib.domain.country import FRANCE, UNKNOWN, find_country
from chalicelib.importing.rows import CellRefused
from chalicelib.importing.sheet_scan import ERROR
from chalicelib.wording import workbooks as wording

MOST_DECIMALS = 4
MOST_DIGITS = 15
"""A spreadsheet keeps fifteen digits of a number, and makes zeros of the others."""

POSTCODE, TOWN, COUNTRY = "code_postal", "commune", "pays"
PHONES = ("telephone_mobile", "telephone_fixe")
DAYS = ("date", "date_naissance", "date_emission", "date_echeance")
NUMBERS = ("quotient_familial", "montant", "montant_total", "montant_regle", "quantite", "prix_unitaire")
CHOICES = ("prelevement", "mode_de_reception")
TEXTS = (
    *("identifiant", "famille", "civilite", "nom", "prenom", "ligne_1", "ligne_2", TOWN, "courriel", "ecole"),
    *("classe", "activites", "numero", "libelle", "periode", "enfant", "prestation", "moyen", "reference", COUNTRY),
)
"""The columns of the town's files by what they hold; the bank's are its own."""

NO_DAY = {POSTCODE, *PHONES, *NUMBERS, *CHOICES, *TEXTS}
NO_CHOICE = {POSTCODE, *PHONES, *NUMBERS, *DAYS, *TEXTS}


def texts_of(values: Sequence[Any], header: Sequence[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """Returns the texts of a row's cells, and (position, reason) of those that cannot be read."""
    texts, refused = [], []
    in_france = _in_france(values, header)
    for at, value in enumerate(values):
        column = header[at] if at < len(header) else ""
        try:
            texts.append(text_of(value, column, in_france=in_france))
        except CellRefused as refusal:
            texts.append(str(value))
            refused.append((at, refusal.reason))
    return texts, refused


def _in_france(values: Sequence[Any], header: Sequence[str]) -> bool:
    """Whether a postcode of four digits has lost a zero: France is said, or nothing is and its town is not abroad."""
    postcode, town, country = (_value(values, header, column) for column in (POSTCODE, TOWN, COUNTRY))
    if said := str(country).strip():
        return find_country(said) == FRANCE
    if not isinstance(postcode, int | float) or not 1000 <= postcode <= 9999:
        return True
    return read_place(f"{postcode:.0f}", str(town), None).country == UNKNOWN


def mended_of(values: Sequence[Any], texts: Sequence[str], header: Sequence[str]) -> tuple[int, ...]:
    """Returns where a postcode was given back its zero without its country being said: four digits may be abroad."""
    at = header.index(POSTCODE) if POSTCODE in header else len(values)
    if at >= len(values) or isinstance(values[at], str) or str(_value(values, header, COUNTRY)).strip():
        return ()
    return (at,) if len(texts[at]) == 5 and texts[at].startswith("0") else ()


def _value(values: Sequence[Any], header: Sequence[str], column: str) -> Any:
    at = header.index(column) if column in header else len(values)
    return values[at] if at < len(values) else ""


def text_of(value: Any, column: str = "", *, in_france: bool = True) -> str:
    """Returns the text of one cell in that column. Raises CellRefused."""
    if isinstance(value, str):
        if ERROR.fullmatch(value.strip()):
            raise CellRefused(wording.ERROR_CELL)
        return value
    if isinstance(value, bool):
        if column in NO_CHOICE:
            raise CellRefused(wording.TRUTH_IN_CELL)
        return "oui" if value else "non"
    if isinstance(value, int | float | Decimal):
        return _number(value, column, in_france=in_france)
    if isinstance(value, date) and column not in NO_DAY:
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    raise CellRefused(wording.DAY_IN_CELL if isinstance(value, date) else wording.HOUR_IN_CELL)


def _number(value: Any, column: str, *, in_france: bool) -> str:
    number = Decimal(repr(value)) if not isinstance(value, Decimal) else value
    if not number.is_finite() or abs(number) >= 10**MOST_DIGITS:
        raise CellRefused(wording.LONG_NUMBER)
    if column in DAYS:
        raise CellRefused(wording.NUMBER_FOR_A_DAY)
    if number != number.to_integral_value():
        return _with_decimals(number)
    digits = f"{number:.0f}"
    if column == POSTCODE and in_france and len(digits) == 4:
        return f"0{digits}"
    return _phone(digits) if column in PHONES else digits


def _with_decimals(number: Decimal) -> str:
    exponent = number.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -MOST_DECIMALS:
        raise CellRefused(wording.MANY_DECIMALS)
    return f"{number.normalize():f}".replace(".", ",")


def _phone(digits: str) -> str:
    """Returns a telephone number that lost its first zero, or its plus. Raises CellRefused for another number."""
    if len(digits) == 9 and digits[0] in "123456789":
        return f"0{digits}"
    if (len(digits) == 11 and digits.startswith("33")) or (digits.startswith(NEIGHBOURS) and find_phone(f"+{digits}")):
        return f"+{digits}"
    raise CellRefused(wording.PHONE_AS_A_NUMBER)


def kinds() -> Mapping[str, str]:
    """Returns what each column of the town's files holds, for the tests that compare it with the parsers."""
    groups = {"days": DAYS, "numbers": NUMBERS, "choices": CHOICES, "texts": (POSTCODE, *PHONES, *TEXTS)}
    return {column: kind for kind, columns in groups.items() for column in columns}
