"""The bank's own export: one movement a line, under the column names that a settings file gives."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from chalicelib.domain.payment import ACCEPTED, Notice
from chalicelib.importing import cells
from chalicelib.importing.cells import parse_cells, required, text
from chalicelib.importing.csv_reader import BadLine, CellRefused, Row, column_name, read_table
from chalicelib.importing.records import Record
from chalicelib.wording import importing as wording

DEFAULT = Path(__file__).parent / "bank_export.toml"
"""Paybox's journal as its back office gives it; documented there."""

DECIDING = ("type", "statut", "erreur", "devise")
"""Fields that say whether a line is an accepted payment in euros."""

FIELDS = ("reference", "montant", "transaction", "appel", "autorisation", "date", *DECIDING)
EUROS = ("978", "EUR", "€")
LONGEST_SHOWN = 80
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
    statut: str = ""
    statuts_acceptes: tuple[str, ...] = ()
    erreur: str = ""
    devise: str = ""

    @model_validator(mode="after")
    def _tells_payments_apart(self) -> "Columns":
        """Without either number, two payments of one reference are the same line."""
        if not self.transaction and not self.appel:
            raise ValueError("transaction ou appel : l’une des deux colonnes au moins")
        return self

    @classmethod
    def load(cls, path: Path = DEFAULT) -> "Columns":
        """Raises OSError, tomllib.TOMLDecodeError or pydantic.ValidationError."""
        return cls.model_validate(tomllib.loads(path.read_text("utf-8")))

    def is_payment(self, said: dict[str, str]) -> bool:
        """An accepted debit in euros, as far as the export has columns to say so. `said`: field → cell."""
        accepted = {
            "type": self.types_de_paiement,
            "statut": self.statuts_acceptes,
            "erreur": ("", ACCEPTED),
            "devise": EUROS,
        }
        return all(
            said[field].casefold() in {one.casefold() for one in values}
            for field, values in accepted.items()
            if field in said
        )


@dataclass(frozen=True)
class Other:
    """A movement that is no accepted payment in euros; `said` is what the bank says of it."""

    reference: str
    said: str


@dataclass(frozen=True)
class Bounds:
    """What no line may go beyond: the day it is read on, and the bank's test platform unless `tests_accepted`."""

    today: date
    tests_accepted: bool


def read_bank_export(stream: BinaryIO, columns: Columns, bounds: Bounds) -> Iterator[Record[Notice | Other]]:
    """The movements of a seekable file, line by line. Raises FileRefused."""
    parsers = _parsers(columns)
    for row in read_table(stream, [*parsers], kind=wording.BANK_EXPORT, others=True, may_be_empty=True):
        yield _record(row, columns, parsers, bounds)


def _record(row: Row, columns: Columns, parsers: dict[str, Any], bounds: Bounds) -> Record[Notice | Other]:
    named = {field: row.cells.get(column_name(name), "") for field, name in _names(columns).items()}
    if row.problem:
        return Record(row.line, named["reference"], None, (row.problem,))
    if not columns.is_payment(named):
        return Record(row.line, named["reference"], _other(named))
    values, problems = parse_cells(row, parsers)
    if problems:
        return Record(row.line, named["reference"], None, tuple(problems))
    notice = _notice({field: values[column_name(name)] for field, name in _names(columns).items()})
    faults = (BadLine(row.line, column_name(getattr(columns, field)), why) for field, why in _faults(notice, bounds))
    problems = [*faults]
    return Record(row.line, notice.reference, None if problems else notice, tuple(problems))


def _faults(notice: Notice, bounds: Bounds) -> Iterator[tuple[str, str]]:
    """Why a line that can be read must not be believed: the field and the reason."""
    if notice.paid_on and notice.paid_on > bounds.today:
        yield "date", wording.FUTURE_DAY
    if notice.test and not bounds.tests_accepted:
        yield "autorisation", wording.TEST_PLATFORM
    if not notice.transaction and not notice.call:
        yield "reference", wording.NO_TRANSACTION


def _other(named: dict[str, str]) -> Other:
    said = " ".join(named[field] for field in DECIDING if named.get(field))
    return Other(_printable(named["reference"]), _printable(said))


def _printable(cells_text: str) -> str:
    """What a terminal can show of cells that nobody checked."""
    return "".join(filter(str.isprintable, cells_text))[:LONGEST_SHOWN]


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
    return {field: name for field in FIELDS if (name := getattr(columns, field))}


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
