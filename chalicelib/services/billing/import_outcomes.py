"""What becomes of the invoices of a file: added, already there, or refused and why."""

from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.domain.invoice import Invoice
from chalicelib.services.account.field_differences import Difference

Numbered = tuple[int, Invoice]
"""An invoice and the line of the file on which it begins."""


class Reason(StrEnum):
    """Why an invoice that reads well is refused."""

    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    NUMBER_TAKEN = "NUMBER_TAKEN"
    ALREADY_ISSUED = "ALREADY_ISSUED"
    AWAITS_ITS_RUN = "AWAITS_ITS_RUN"


@dataclass(frozen=True)
class Refusal:
    """An invoice that stays out; `differences`: what the file says otherwise than what was issued."""

    line: int
    number: str
    reason: Reason
    differences: tuple[Difference, ...] = ()


@dataclass
class InvoicesOutcome:
    """What an import did, or would do; `undrawn`: (username, number) of those whose document is still to be drawn."""

    added: int = 0
    added_cents: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    undrawn: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Sorted:
    """A batch told apart. `new` invoices carry what their account decides; `held` are as they stand."""

    new: list[Numbered] = field(default_factory=list)
    held: list[Invoice] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
