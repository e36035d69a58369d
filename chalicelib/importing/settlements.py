"""CSV file *reglements*: one settlement per line, received by the régie outside the portal."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from chalicelib.domain.settlement import Settlement
from chalicelib.importing import cells
from chalicelib.importing.cells import required, text
from chalicelib.importing.csv_reader import CellRefused
from chalicelib.importing.records import Record, read_rows
from chalicelib.wording import importing as wording


def positive_cents(cell: str) -> int:
    """Returns an amount in cents. Raises CellRefused unless it is above zero."""
    amount = cells.cents(cell)
    if amount <= 0:
        raise CellRefused(wording.NOT_POSITIVE)
    return amount


PARSERS = {
    "date": required(cells.day),
    "numero": required(cells.invoice_number),
    "montant": required(positive_cents),
    "moyen": required(text),
    "reference": text,
}


def read_settlements(stream: BinaryIO) -> Iterator[Record[Settlement]]:
    """Yields the settlements of a seekable file; two identical lines are both refused. Raises FileRefused."""
    key = ["numero", "date", "montant", "moyen", "reference"]
    return read_rows(stream, PARSERS, _settlement, key=key, kind=wording.SETTLEMENTS, may_be_empty=True)


def _settlement(values: dict[str, Any]) -> Settlement:
    return Settlement(
        received_on=values["date"],
        number=values["numero"],
        amount_cents=values["montant"],
        means=values["moyen"],
        reference=values["reference"],
    )
