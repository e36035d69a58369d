"""CSV export of the bank's back office: one movement per line, columns mapped by a TOML file."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from chalicelib.domain.bank_number import whole_number
from chalicelib.domain.card_payment.reference import canonical_reference
from chalicelib.domain.payment import ACCEPTED, Notice
from chalicelib.importing import cells
from chalicelib.importing.cells import parse_cells, required, text
from chalicelib.importing.records import Record
from chalicelib.importing.rows import BadLine, CellRefused, Row
from chalicelib.importing.table import column_name, read_table
from chalicelib.wording import importing as wording

DEFAULT = Path(__file__).parent / "bank_export.toml"
"""The columns of Paybox's journal, documented there."""

ACCEPTANCE_FIELDS = ("type", "statut", "erreur", "devise")
"""Fields that decide whether a line is an accepted payment in euros."""

FIELDS = ("reference", "montant", "transaction", "appel", "autorisation", "date", *ACCEPTANCE_FIELDS)
EUROS = ("978", "EUR", "€")
MAX_SHOWN = 80
COMPACT_DAY = re.compile(r"(\d{1,2})(\d{2})(\d{4})", re.ASCII)
"""A spreadsheet takes « 06062026 » for a number, and its first zero away."""

MOST_DIGITS = 10
"""Of an amount in cents."""

REWRITTEN = re.compile(r"[0-9]+([.,][0-9]+E[+-]?|E[+-])[0-9]+", re.ASCII | re.IGNORECASE)
"""What a spreadsheet makes of a long number: « 8,1E+08 »."""


class Columns(BaseModel):
    """The export's column name of each field; empty: the export has no such column."""

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
    def _distinguishes_payments(self) -> "Columns":
        """Without either number, two payments of one reference could not be distinguished."""
        if not self.transaction and not self.appel:
            raise ValueError("transaction ou appel : l’une des deux colonnes au moins")
        return self

    @classmethod
    def load(cls, path: Path = DEFAULT) -> "Columns":
        """Raises OSError, tomllib.TOMLDecodeError or pydantic.ValidationError."""
        return cls.model_validate(tomllib.loads(path.read_text("utf-8")))

    def is_payment(self, fields: dict[str, str]) -> bool:
        """Whether it is an accepted debit in euros, as far as the export has such columns. `fields`: field → cell."""
        accepted = {
            "type": self.types_de_paiement,
            "statut": self.statuts_acceptes,
            "erreur": ("", ACCEPTED),
            "devise": EUROS,
        }
        return all(
            _meaning(fields[field]) in {_meaning(one) for one in values}
            for field, values in accepted.items()
            if field in fields
        )


def _meaning(cell: str) -> str:
    """Returns what decides of a code or a label: case and accents do not, nor « 0978,00 » for « 978 »."""
    digits = whole_number(cell) if cell else None
    return column_name(cell) if digits is None else digits or "0"


@dataclass(frozen=True)
class OtherMovement:
    """A movement that is no accepted payment in euros; `description` is its type, status, error and currency."""

    reference: str
    description: str


@dataclass(frozen=True)
class ExportLimits:
    """Checks of every line: not after `today`, not of the bank's test platform unless `tests_accepted`."""

    today: date
    tests_accepted: bool


def read_bank_export(
    stream: BinaryIO, columns: Columns, limits: ExportLimits
) -> Iterator[Record[Notice | OtherMovement]]:
    """Yields the movements of a seekable file. Raises FileRefused."""
    parsers = _parsers(columns)
    for row in read_table(stream, [*parsers], kind=wording.BANK_EXPORT, others=True, may_be_empty=True):
        yield _record(row, columns, parsers, limits)


def _record(
    row: Row, columns: Columns, parsers: dict[str, Any], limits: ExportLimits
) -> Record[Notice | OtherMovement]:
    named = {field: row.cells.get(column_name(name), "") for field, name in _names(columns).items()}
    problem = row.problem or _undecided(row, columns, named)
    if problem:
        return Record(row.line, named["reference"], None, (problem,))
    if not columns.is_payment(named):
        return Record(row.line, named["reference"], _other(named))
    values, problems = parse_cells(row, parsers)
    if problems:
        return Record(row.line, named["reference"], None, tuple(problems))
    notice = _notice({field: values[column_name(name)] for field, name in _names(columns).items()})
    faults = (row.bad(column_name(getattr(columns, field)), why) for field, why in _faults(notice, limits))
    problems = [*faults]
    return Record(row.line, notice.reference, None if problems else notice, tuple(problems))


def _undecided(row: Row, columns: Columns, named: dict[str, str]) -> BadLine | None:
    """Returns the error of a cell that hides whether the line is a payment: it must not pass for another movement."""
    for field in ACCEPTANCE_FIELDS:
        cell, column = named.get(field, ""), column_name(getattr(columns, field))
        if column in row.refused:
            return row.bad(column, row.refused[column])
        if "\ufffd" in cell or "?" in cell:  # « T?l?collect? »: the export lost its accents
            return row.bad(column, wording.UNREADABLE_CHARACTER)
        if REWRITTEN.fullmatch(cell):
            return row.bad(column, wording.NOT_A_CODE)
    return None


def _faults(notice: Notice, limits: ExportLimits) -> Iterator[tuple[str, str]]:
    """Yields the field and the reason of each error of a line that could be parsed."""
    if notice.paid_on and notice.paid_on > limits.today:
        yield "date", wording.FUTURE_DAY
    if notice.test and not limits.tests_accepted:
        yield "autorisation", wording.TEST_PLATFORM
    if not notice.transaction and not notice.call:
        yield "reference", wording.NO_TRANSACTION


def _other(named: dict[str, str]) -> OtherMovement:
    description = " ".join(named[field] for field in ACCEPTANCE_FIELDS if named.get(field))
    return OtherMovement(_printable(named["reference"]), _printable(description))


def _printable(cells_text: str) -> str:
    """Returns the printable characters of unchecked cells, safe for a terminal."""
    return "".join(filter(str.isprintable, cells_text))[:MAX_SHOWN]


def _notice(values: dict[str, Any]) -> Notice:
    return Notice(
        reference=values["reference"],
        amount_cents=values["montant"],
        code=ACCEPTED,
        transaction=values.get("transaction", ""),
        call=values.get("appel", ""),
        authorisation=values.get("autorisation", ""),
        paid_on=values["date"],
    )


def _names(columns: Columns) -> dict[str, str]:
    """Returns field → the export's column name, for the columns that it has."""
    return {field: name for field in FIELDS if (name := getattr(columns, field))}


def _parsers(columns: Columns) -> dict[str, Any]:
    amount = cents if columns.montant_en == "centimes" else cells.positive_cents
    parsers: dict[str, Callable[[str], Any]] = {
        "reference": required(reference),
        "montant": required(amount),
        "transaction": number,
        "appel": number,
        "date": required(day),
    }
    return {column_name(name): parsers.get(field, text) for field, name in _names(columns).items()}


def reference(cell: str) -> str:
    """Returns the reference as the portal stores it, however the cell writes it."""
    return canonical_reference(text(cell))


def number(cell: str) -> str:
    """Returns the digits of a transaction or call number, "" when the cell has none. Raises CellRefused."""
    digits = whole_number(cell)
    if digits is None:
        raise CellRefused(wording.NOT_A_BANK_NUMBER)
    return digits


def cents(cell: str) -> int:
    """Returns whole cents above zero, in groups of digits or not. Raises CellRefused.

    Decimals, were they zeros, may be those of an amount in euros.
    """
    digits = whole_number(cell) if not set(cell) & set(",.") else None
    if not digits or len(digits) > MOST_DIGITS:
        raise CellRefused(wording.NOT_CENTS)
    return int(digits)


def day(cell: str) -> Any:
    """Returns the date of 24/06/2026, 2026-06-24 or 24062026, followed by an hour or not."""
    first = cell.replace("T", " ").split()[0]
    compact = COMPACT_DAY.fullmatch(first)
    return cells.day("/".join(compact.groups()) if compact else first)
