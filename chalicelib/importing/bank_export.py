"""The bank's own export: one movement a line, under the column names that a settings file gives."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict

from chalicelib.domain.payment import ACCEPTED, Notice
from chalicelib.importing import cells, wording
from chalicelib.importing.cells import parse_cells, required, text
from chalicelib.importing.problems import CellRefused
from chalicelib.importing.records import Record
from chalicelib.importing.table import Row, column_name, read_table

DEFAULT = Path(__file__).parent / "bank_export.toml"
"""Paybox's journal as its back office gives it; documented there."""

TIGHT_DAY = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
DIGITS = re.compile(r"\d{1,10}", re.ASCII)


class Columns(BaseModel):
    """Under which names the export says what we need; an empty name: it does not say it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: str
    montant: str
    montant_en: Literal["centimes", "euros"] = "centimes"
    transaction: str = ""
    appel: str = ""
    autorisation: str = ""
    date: str
    type: str = ""
    types_de_paiement: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path = DEFAULT) -> "Columns":
        """Raises OSError, tomllib.TOMLDecodeError or pydantic.ValidationError."""
        return cls.model_validate(tomllib.loads(path.read_text("utf-8")))

    def is_payment(self, kind: str) -> bool:
        return not self.type or kind.casefold() in {one.casefold() for one in self.types_de_paiement}


def read_bank_export(stream: BinaryIO, columns: Columns) -> Iterator[Record[Notice]]:
    """The payments of a seekable file; a line that is another movement has neither value nor problem.

    Raises FileRefused.
    """
    parsers = _parsers(columns)
    for row in read_table(stream, [*parsers], others=True):
        yield _record(row, columns, parsers)


def _record(row: Row, columns: Columns, parsers: dict[str, Any]) -> Record[Notice]:
    named = {field: row.cells.get(column_name(name), "") for field, name in _names(columns).items()}
    if row.problem:
        return Record(row.line, named["reference"], None, (row.problem,))
    if not columns.is_payment(named.get("type", "")):
        return Record(row.line, named["reference"], None)
    values, problems = parse_cells(row, parsers)
    if problems:
        return Record(row.line, named["reference"], None, tuple(problems))
    said = {field: values[column_name(name)] for field, name in _names(columns).items()}
    return Record(row.line, said["reference"], _notice(said))


def _notice(said: dict[str, Any]) -> Notice:
    return Notice(
        reference=said["reference"],
        amount_cents=said["montant"],
        code=ACCEPTED,
        transaction=said.get("transaction", ""),
        call=said.get("appel", ""),
        authorisation=said.get("autorisation", ""),
        paid_on=said["date"],
    )


def _names(columns: Columns) -> dict[str, str]:
    """Field → the export's own name of its column, for the columns that it has."""
    fields = ("reference", "montant", "transaction", "appel", "autorisation", "date", "type")
    return {field: name for field in fields if (name := getattr(columns, field))}


def _parsers(columns: Columns) -> dict[str, Any]:
    amount = cents if columns.montant_en == "centimes" else cells.cents
    parsers = {"reference": required(text), "montant": required(amount), "date": required(day)}
    return {column_name(name): parsers.get(field, text) for field, name in _names(columns).items()}


def cents(cell: str) -> int:
    """Whole cents above zero, as the bank writes them."""
    if not DIGITS.fullmatch(cell) or not int(cell):
        raise CellRefused(wording.NOT_CENTS)
    return int(cell)


def day(cell: str) -> Any:
    """24/06/2026, 2026-06-24 or 24062026, followed by an hour or not."""
    first = cell.split()[0]
    tight = TIGHT_DAY.fullmatch(first)
    return cells.day("/".join(tight.groups()) if tight else first)
