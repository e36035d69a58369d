"""A first reading of *factures*: where each invoice ends, and which invoices an unreadable line may belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from chalicelib.domain.invoice import NUMBER
from chalicelib.importing import wording
from chalicelib.importing.cells import cents
from chalicelib.importing.problems import BadLine, CellRefused
from chalicelib.importing.table import Row, read_table


@dataclass
class Survey:
    """What must be known before the first invoice is let through.

    `last_line`: number → its last line. `orphans`: lines without a readable number. `suspects`: number → the orphan
    line beside it that may be one of its own, when the invoice's sum would not show that it is missing.
    """

    last_line: dict[str, int] = field(default_factory=dict)
    orphans: set[int] = field(default_factory=set)
    suspects: dict[str, int] = field(default_factory=dict)

    def suspicions(self, row: Row) -> list[BadLine]:
        line = self.suspects.get(row.cells["numero"])
        return [BadLine(row.line, "numero", wording.may_own(line))] if line else []


def survey_of(stream: BinaryIO, columns: Sequence[str]) -> Survey:
    """Read the whole file once: one number and one integer kept an invoice. Raises FileRefused."""
    survey = Survey()
    previous, unclaimed = "", 0
    for row in read_table(stream, columns, kind=wording.INVOICES):
        number = row.cells.get("numero", "")
        if NUMBER.fullmatch(number):
            survey.last_line[number] = row.line
            survey.suspects |= {number: unclaimed} if unclaimed else {}
            previous, unclaimed = number, 0
        else:
            survey.orphans.add(row.line)
            if _invisible_in_a_sum(row):
                survey.suspects |= {previous: row.line} if previous else {}
                unclaimed = row.line
    return survey


def _invisible_in_a_sum(row: Row) -> bool:
    try:
        return cents(row.cells.get("montant", "")) == 0
    except CellRefused:
        return True
