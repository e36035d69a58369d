"""CSV file *reglements*: one settlement per line, received by the régie outside the portal."""

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from chalicelib.domain.payment_method import is_offset, is_return, method_of
from chalicelib.domain.settlement import Settlement
from chalicelib.importing import cells
from chalicelib.importing.cells import required, text
from chalicelib.importing.records import Record, read_rows
from chalicelib.importing.rows import CellRefused
from chalicelib.wording import importing as wording

FIRST_YEAR = 2000


def amount(cell: str) -> int:
    """Returns an amount in cents, negative when it takes a settlement back. Raises CellRefused for zero."""
    cents = cells.cents(cell)
    if not cents:
        raise CellRefused(wording.ZERO_AMOUNT)
    return cents


def means(cell: str) -> str:
    """Returns the payment method, « avoir » or « rejet » as typed. Raises CellRefused for anything else."""
    method = method_of(cell)
    if method is None and not (is_offset(cell) or is_return(cell)):
        raise CellRefused(wording.NOT_A_METHOD)
    return method.value if method else cell


def plausible_day(cell: str) -> date:
    """Returns a day since 2000. Raises CellRefused for an earlier one: 1926 is a typing error."""
    found = cells.day(cell)
    if found.year < FIRST_YEAR:
        raise CellRefused(wording.BEFORE_2000)
    return found


PARSERS = {
    "date": required(plausible_day),
    "numero": required(cells.invoice_number),
    "montant": required(amount),
    "moyen": required(means),
    "reference": text,
}


def read_settlements(stream: BinaryIO) -> Iterator[Record[Settlement]]:
    """Yields the settlements of a seekable file; two identical lines are two. Raises FileRefused."""
    kind = wording.SETTLEMENTS
    return read_rows(stream, PARSERS, _settlement, key=["numero"], kind=kind, may_be_empty=True, repeatable=True)


def _settlement(values: dict[str, Any]) -> Settlement:
    return Settlement(
        received_on=values["date"],
        number=values["numero"],
        amount_cents=values["montant"],
        means=values["moyen"],
        reference=values["reference"],
    )
