"""The results of an import of settlements, line by line: booked, known already, held back, or refused."""

from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.settlement import Settlement


class LineOutcome(StrEnum):
    """The result of a line."""

    BOOKED = "BOOKED"
    UNDONE = "UNDONE"
    """A negative line: the settlement that it names was taken back."""

    OFFSET = "OFFSET"
    """A line *avoir*: credit of the account was used."""

    KNOWN = "KNOWN"
    """The same settlement is in the books."""

    KNOWN_BY_CARD = "KNOWN_BY_CARD"
    """It has the reference of a card payment that the portal has booked."""

    ALIKE = "ALIKE"
    """Held back: another of the same invoice, day and amount is in the books."""

    BEFORE_INVOICE = "BEFORE_INVOICE"
    OVER_A_YEAR = "OVER_A_YEAR"
    NONE_TO_UNDO = "NONE_TO_UNDO"
    SEVERAL_TO_UNDO = "SEVERAL_TO_UNDO"

    NO_INVOICE = "NO_INVOICE"
    NOT_ISSUED = "NOT_ISSUED"
    CARD_NOT_SETTLED = "CARD_NOT_SETTLED"
    """It has the reference of a card payment that the bank has not confirmed: reconcile it first."""

    CARD_DIFFERS = "CARD_DIFFERS"
    """It has the reference of a card payment of another amount, or of another invoice."""

    CARD_REFUND = "CARD_REFUND"
    """It takes back a card payment made on the portal, which is refunded at the bank."""

    GIVEN_BACK = "GIVEN_BACK"
    """It takes back money that the régie has already given back to the family."""

    NO_CREDIT = "NO_CREDIT"
    """An *avoir* that no invoice of the account gives, or not as much."""

    WRONG_SIGN = "WRONG_SIGN"
    """« rejet » with a positive amount."""

    FUTURE = "FUTURE"


WRITTEN = frozenset({LineOutcome.BOOKED, LineOutcome.UNDONE, LineOutcome.OFFSET})
KNOWN = frozenset({LineOutcome.KNOWN, LineOutcome.KNOWN_BY_CARD})
FREED_BY_ANYWAY = frozenset({LineOutcome.ALIKE, LineOutcome.BEFORE_INVOICE, LineOutcome.OVER_A_YEAR})
HELD = FREED_BY_ANYWAY | {LineOutcome.NONE_TO_UNDO, LineOutcome.SEVERAL_TO_UNDO}
REFUSALS = frozenset(LineOutcome) - WRITTEN - KNOWN - HELD


@dataclass(frozen=True)
class Line:
    """A line and its result. `surplus_cents`: the part above the balance; `entry`: what is booked for it now.

    `alike`: the entries that it resembles, is known as, or takes back. `same_reference_on`: other invoices with its
    reference. `undone`: what it is known as was undone since. `source`: the invoice whose credit is used.
    """

    line: int
    settlement: Settlement
    outcome: LineOutcome
    surplus_cents: int = 0
    invoice: Invoice | None = None
    alike: tuple[LedgerEntry, ...] = ()
    same_reference_on: tuple[str, ...] = ()
    undone: bool = False
    source: str = ""
    entry: LedgerEntry | None = None


@dataclass
class SettlementsOutcome:
    """What an import did, or would do, line by line."""

    lines: list[Line] = field(default_factory=list)

    def of(self, outcomes: frozenset[LineOutcome]) -> list[Line]:
        return [line for line in self.lines if line.outcome in outcomes]

    def cents(self, outcomes: frozenset[LineOutcome]) -> int:
        return sum(line.settlement.amount_cents for line in self.of(outcomes))

    @property
    def refused(self) -> list[Line]:
        return self.of(REFUSALS)

    @property
    def held(self) -> list[Line]:
        return self.of(HELD)

    @property
    def surplus(self) -> list[Line]:
        return [line for line in self.lines if line.surplus_cents]
