"""Parsers of CSV cells: text → value, or CellRefused with a sentence for the office.

A cell that looks like a spreadsheet's formula (« =1+1 ») is plain text here; `csv_writer` escapes it on export, and it
is read back as it was.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from chalicelib.contact.email_address import read_email
from chalicelib.contact.phone import read_phone
from chalicelib.contact.postal_address import read_country
from chalicelib.domain.account import DeliveryMode
from chalicelib.domain.invoice import NUMBER
from chalicelib.errors import ValueRefused
from chalicelib.importing.csv_writer import unescape_formula
from chalicelib.importing.rows import BadLine, CellRefused, Row
from chalicelib.wording import importing as wording

Value = TypeVar("Value")

MAX_TEXT = 200
IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)
HOUR = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)?"
"""What software and spreadsheets write after a day; the day alone counts. An hour of another zone is no such hour."""

FRENCH_DAY = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){HOUR}", re.ASCII)
ISO_DAY = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){HOUR}", re.ASCII)
NUMERAL = re.compile(r"([-−]?) ?(\d{1,3}(?: \d{3}){1,2}|\d{1,9})(?:[.,](\d+))? ?€?", re.ASCII)
"""A number: digits, in groups of three or not, then decimals; at most 999 999 999."""

NOT_IN_NUMBERS = re.compile(r"[/\\. ]+")
"""What software puts between the parts of an invoice number; a URL or a file name could not hold it."""

RESERVED_NUMBERS = {"historique"}
"""Numbers that would be the URL of another page: /factures/historique is the list of past invoices."""

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Unicode's categories Cc, Zl and Zp: nothing that a line of text may hold."""

DELIVERY_MODES = {"courriel": DeliveryMode.EMAIL, "courrier": DeliveryMode.PAPER}
YES_OR_NO = {"oui": True, "non": False}


def parse_cells(row: Row, parsers: Mapping[str, Callable[[str], Any]]) -> tuple[dict[str, Any], list[BadLine]]:
    """Returns the values of the columns of `parsers` by column, and the errors, in the parsers' order."""
    values: dict[str, Any] = {}
    problems: list[BadLine] = []
    refused = row.refused
    for column, parse in parsers.items():
        if column in refused:
            problems.append(row.bad(column, refused[column]))
            continue
        try:
            values[column] = parse(unescape_formula(row.cells[column]))
        except CellRefused as refusal:
            problems.append(row.bad(column, refusal.reason))
    return values, problems


def required(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """Returns the same parser, refusing an empty cell."""

    def parse_filled(cell: str) -> Value:
        if not cell:
            raise CellRefused(wording.EMPTY)
        return parse(cell)

    return parse_filled


def optional(parse: Callable[[str], Value]) -> Callable[[str], Value | None]:
    """Returns the same parser, with None for an empty cell."""
    return lambda cell: parse(cell) if cell else None


@dataclass(frozen=True)
class _MayBeAbsent(Generic[Value]):
    parse: Callable[[str], Value]

    def __call__(self, cell: str) -> Value:
        return self.parse(cell)


def may_be_absent(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """Returns the same parser, for a column that a header may leave out: each of its cells is then empty.

    For a column added once towns send files: theirs, and those of runs that wait to be published, go on being read.
    """
    return _MayBeAbsent(parse)


def absent_allowed(parsers: Mapping[str, Callable[[str], Any]]) -> frozenset[str]:
    """Returns the columns whose parser is `may_be_absent`."""
    return frozenset(column for column, parse in parsers.items() if isinstance(parse, _MayBeAbsent))


def text(cell: str) -> str:
    """Returns a line of at most 200 characters, without control characters that could inject a mail header."""
    if "\ufffd" in cell:
        raise CellRefused(wording.UNREADABLE_CHARACTER)
    if CONTROL.search(cell):
        raise CellRefused(wording.CONTROL_CHARACTER)
    if len(cell) > MAX_TEXT:
        raise CellRefused(wording.too_long(MAX_TEXT))
    return cell


def texts(cell: str) -> tuple[str, ...]:
    """Returns the texts of one cell, separated by « | » or, without any, by commas."""
    parts = text(cell).split("|" if "|" in cell else ",")
    return tuple(part.strip() for part in parts if part.strip())


def matching(pattern: re.Pattern[str], reason: str) -> Callable[[str], str]:
    """Returns a parser for cells that fully match this pattern."""

    def parse(cell: str) -> str:
        if not pattern.fullmatch(cell):
            raise CellRefused(reason)
        return cell

    return parse


identifier = matching(IDENTIFIER, wording.NOT_AN_IDENTIFIER)


def invoice_number(cell: str) -> str:
    """Returns an invoice number that is valid in the URL of the invoice's page."""
    if not NUMBER.fullmatch(cell):
        instead = NOT_IN_NUMBERS.sub("-", cell)
        valid = NUMBER.fullmatch(instead)
        raise CellRefused(wording.number_instead(cell, instead) if valid else wording.NOT_AN_INVOICE_NUMBER)
    if cell in RESERVED_NUMBERS:
        raise CellRefused(wording.RESERVED_NUMBER)
    return cell


def as_typed(read: Callable[[str], Value]) -> Callable[[str], Value]:
    """Returns a parser that reads a cell as the forms read a field (`chalicelib.contact`)."""

    def parse(cell: str) -> Value:
        try:
            return read(cell)
        except ValueRefused as refusal:
            raise CellRefused(wording.REFUSED[refusal.reason]) from None

    return parse


email = as_typed(read_email)
phone = as_typed(lambda cell: read_phone(cell).number)
country = as_typed(read_country)


def day(cell: str) -> date:
    """Returns the date of 24/06/2011 or 2011-06-24, from 1900 to 2100, followed by an hour or not."""
    if french := FRENCH_DAY.fullmatch(cell):
        day_of_month, month, year = map(int, french.groups())
    elif iso := ISO_DAY.fullmatch(cell):
        year, month, day_of_month = map(int, iso.groups())
    else:
        raise CellRefused(wording.NOT_A_DAY)
    try:
        found = date(year, month, day_of_month)
    except ValueError:
        raise CellRefused(wording.NOT_A_DAY) from None
    if not 1900 <= found.year <= 2100:
        raise CellRefused(wording.NOT_A_DAY)
    return found


def cents(cell: str) -> int:
    """Returns 57,00 · 57.00 · 1 234,50 · −12 € as integer cents."""
    return int(_decimal(cell, decimals=2, reason=wording.NOT_AN_AMOUNT) * 100)


def positive_cents(cell: str) -> int:
    """Returns an amount in cents as `cents` does. Raises CellRefused unless it is above zero."""
    amount = cents(cell)
    if amount <= 0:
        raise CellRefused(wording.NOT_POSITIVE)
    return amount


def cents_or_zero(cell: str) -> int:
    """Returns integer cents as `cents` does, zero for an empty cell."""
    return cents(cell) if cell else 0


def price(cell: str) -> Decimal:
    """Returns a unit price in euros, with up to four decimals: 2,85 · 3,125."""
    return _decimal(cell, decimals=4, reason=wording.NOT_A_PRICE)


def quantity(cell: str) -> Decimal:
    """Returns 12 · 2,5 · −1 as an exact decimal."""
    return _decimal(cell, decimals=4, reason=wording.NOT_A_QUANTITY)


def _decimal(cell: str, *, decimals: int, reason: str) -> Decimal:
    numeral = NUMERAL.fullmatch(re.sub(r"\s", " ", cell))
    if numeral is None or len(numeral[3] or "") > decimals:
        raise CellRefused(reason)
    sign, whole, rest = numeral.groups(default="")
    return Decimal(("-" if sign else "") + whole.replace(" ", "") + (f".{rest}" if rest else ""))


def delivery_mode(cell: str) -> DeliveryMode:
    """Returns the mode of « courriel » or « courrier »; empty is « courrier »."""
    if cell and cell.casefold() not in DELIVERY_MODES:
        raise CellRefused(wording.NOT_A_DELIVERY_MODE)
    return DELIVERY_MODES.get(cell.casefold(), DeliveryMode.PAPER)


def yes_or_no(cell: str) -> bool:
    """Returns whether the cell is « oui »; empty is « non »."""
    if cell and cell.casefold() not in YES_OR_NO:
        raise CellRefused(wording.NOT_YES_OR_NO)
    return YES_OR_NO.get(cell.casefold(), False)
