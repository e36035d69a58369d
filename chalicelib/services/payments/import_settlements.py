"""Import settlements (*règlements*: cheques, cash, transfers): each line is booked once, card payments recognised."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.clock import Clock
from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.ledger import EntryKind, LedgerEntry, Movement
from chalicelib.domain.payment import REFERENCE, Attempt
from chalicelib.domain.settlement import Settlement
from chalicelib.formats import day_in_paris
from chalicelib.payment.form import archive_reference
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

Numbered = tuple[int, Settlement]
"""The line of the file, and its settlement."""


class LineOutcome(StrEnum):
    """The result of a line."""

    BOOKED = "BOOKED"
    KNOWN = "KNOWN"
    """The same line was imported before."""

    KNOWN_BY_CARD = "KNOWN_BY_CARD"
    """It has the reference of a card payment that the portal has booked."""

    NO_INVOICE = "NO_INVOICE"
    NOT_ISSUED = "NOT_ISSUED"
    CARD_NOT_SETTLED = "CARD_NOT_SETTLED"
    """It has the reference of a card payment that the bank has not confirmed: reconcile it first."""

    CARD_DIFFERS = "CARD_DIFFERS"
    """It has the reference of a card payment of another amount, or of another invoice."""

    FUTURE = "FUTURE"
    REPEATED = "REPEATED"
    """An earlier line of the file is identical: one settlement written twice, or two that cannot be distinguished."""


REFUSALS = frozenset(LineOutcome) - {LineOutcome.BOOKED, LineOutcome.KNOWN, LineOutcome.KNOWN_BY_CARD}


@dataclass(frozen=True)
class Line:
    """A line and its result; `surplus_cents` is the part above the balance."""

    line: int
    settlement: Settlement
    outcome: LineOutcome
    surplus_cents: int = 0


@dataclass
class SettlementsOutcome:
    """What an import did, or would do, line by line."""

    lines: list[Line] = field(default_factory=list)

    def of(self, *outcomes: LineOutcome) -> list[Line]:
        return [line for line in self.lines if line.outcome in outcomes]

    def cents(self, *outcomes: LineOutcome) -> int:
        return sum(line.settlement.amount_cents for line in self.of(*outcomes))

    @property
    def refused(self) -> list[Line]:
        return self.of(*REFUSALS)

    @property
    def surplus(self) -> list[Line]:
        return [line for line in self.lines if line.surplus_cents]


def import_settlements(
    numbered: Iterable[Numbered], *, stores: Stores, clock: Clock, agent: str, dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> SettlementsOutcome:  # fmt: skip
    """Book each line once, in batches. With `dry_run`, nothing is written. Returns the results. Raises Unavailable."""
    outcome = SettlementsOutcome()
    booking = _Booking(stores, clock, agent, dry_run=dry_run)
    for batch in in_batches(numbered):
        outcome.lines += booking.book(batch)
        progress(len(batch))
    return outcome


class _Booking:
    """Books the lines of batches, one thread per account, so that writes to an account's list do not conflict.

    A dry run keeps in `_previewed` the invoices as earlier lines of the file would have changed them; `_read` has the
    settlements read so far.
    """

    def __init__(self, stores: Stores, clock: Clock, agent: str, *, dry_run: bool) -> None:
        self._stores, self._clock, self._agent, self._dry_run = stores, clock, agent, dry_run
        self._previewed: dict[str, Invoice] = {}
        self._read: set[tuple[str, str]] = set()

    def book(self, batch: Sequence[Numbered]) -> list[Line]:
        owners = self._stores.invoices.owners([settlement.number for _, settlement in batch])
        by_owner: dict[str, list[Numbered]] = defaultdict(list)
        lines = []
        for line, settlement in batch:
            if settlement.number in owners:
                by_owner[owners[settlement.number]].append((line, settlement))
            else:
                lines.append(Line(line, settlement, LineOutcome.NO_INVOICE))
        for done in in_threads(lambda owner: [self._line(owner, *one) for one in by_owner[owner]], [*by_owner]):
            lines += done
        return sorted(lines, key=lambda line: line.line)

    def _line(self, owner: str, line: int, settlement: Settlement) -> Line:
        if self._repeats(settlement):
            return Line(line, settlement, LineOutcome.REPEATED)

        def once() -> Line | None:
            return self._booked(owner, line, settlement)

        return once() or retry(once, what="invoices: conflicting changes", wait=self._stores.money.wait)

    def _booked(self, owner: str, line: int, settlement: Settlement) -> Line | None:
        """Returns None when the invoice changed meanwhile."""
        invoice = self._invoice(owner, settlement.number)
        if invoice is None:
            return Line(line, settlement, LineOutcome.NO_INVOICE)
        if invoice.state is InvoiceState.PREPARED:
            return Line(line, settlement, LineOutcome.NOT_ISSUED)
        if settlement.received_on > day_in_paris(self._clock()):
            return Line(line, settlement, LineOutcome.FUTURE)
        known = self._known(settlement)
        if known:
            return Line(line, settlement, known)
        entry = LedgerEntry.settlement(invoice, settlement, booked_at=self._clock(), agent=self._agent)
        moved = Movement.booking(entry, invoice)
        return Line(line, settlement, LineOutcome.BOOKED, entry.surplus_cents) if self._write(moved) else None

    def _repeats(self, settlement: Settlement) -> bool:
        """Returns whether the file had it before: what may be a second settlement must be reported, not dropped."""
        key = (settlement.number, settlement.key)
        repeats = key in self._read
        self._read.add(key)
        return repeats

    def _invoice(self, owner: str, number: str) -> Invoice | None:
        return self._previewed.get(number) or self._stores.invoices.find(owner, number)

    def _write(self, moved: Movement) -> bool:
        if self._dry_run:
            self._previewed[moved.after.number] = moved.after
            return True
        return self._stores.money.write(moved)

    def _known(self, settlement: Settlement) -> LineOutcome | None:
        """Returns how a line is known (booked already, or an unconfirmed card payment), None when it is new."""
        entries = self._stores.ledger.of(settlement.number)
        if any(entry.key == settlement.key for entry in entries):
            return LineOutcome.KNOWN
        if not settlement.reference:
            return None
        cards = [entry for entry in entries if entry.kind is EntryKind.CARD]
        booked = [entry for entry in cards if settlement.reference in _references_of_entry(entry)]
        if booked:
            agrees = any(entry.amount_cents == settlement.amount_cents for entry in booked)
            return LineOutcome.KNOWN_BY_CARD if agrees else LineOutcome.CARD_DIFFERS
        return self._unbooked_card(settlement)

    def _unbooked_card(self, settlement: Settlement) -> LineOutcome | None:
        """Returns the result of a card reference that is not booked on this invoice, None when it is none."""
        reference = settlement.reference
        for attempt in self._stores.payments.of_invoice(settlement.number):
            if not attempt.paid and reference in _references_of_attempt(attempt):
                return LineOutcome.CARD_NOT_SETTLED
        found = self._stores.payments.find(reference) if REFERENCE.fullmatch(reference) else None
        if found is None:
            return None
        return LineOutcome.CARD_DIFFERS if found.paid else LineOutcome.CARD_NOT_SETTLED


def _references_of_entry(entry: LedgerEntry) -> set[str]:
    """Returns the references under which the town's other software may know a card payment."""
    return {entry.reference, archive_reference(entry.reference), entry.transaction, entry.call} - {""}


def _references_of_attempt(attempt: Attempt) -> set[str]:
    """Returns the same of an attempt that is not booked; the bank's numbers come from its last notice, if any."""
    numbers = (attempt.notice.transaction, attempt.notice.call) if attempt.notice else ()
    return {attempt.reference, archive_reference(attempt.reference), *numbers} - {""}
