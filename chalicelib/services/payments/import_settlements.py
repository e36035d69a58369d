"""Take in money that came another way (*règlements*): each line once, by card lines known, the rest booked."""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.clock import Clock
from chalicelib.concurrency import in_batches, side_by_side
from chalicelib.domain import ledger
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.ledger import EntryKind, LedgerEntry, Movement
from chalicelib.domain.payment import REFERENCE, Attempt
from chalicelib.domain.settlement import Settlement
from chalicelib.formats import day_in_paris
from chalicelib.payment.form import archive_reference
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

Numbered = tuple[int, Settlement]
"""A settlement and its line in the file."""


class LineOutcome(StrEnum):
    """What becomes of a line."""

    BOOKED = "BOOKED"
    KNOWN = "KNOWN"
    """The same line was taken in before."""

    KNOWN_BY_CARD = "KNOWN_BY_CARD"
    """It carries the reference of a payment by card that the portal has booked."""

    NO_INVOICE = "NO_INVOICE"
    NOT_ISSUED = "NOT_ISSUED"
    CARD_NOT_SETTLED = "CARD_NOT_SETTLED"
    """It carries the reference of a payment by card that the bank has not confirmed: reconcile it first."""

    CARD_DIFFERS = "CARD_DIFFERS"
    """It carries the reference of a payment by card of another amount, or of another invoice."""

    FUTURE = "FUTURE"
    REPEATED = "REPEATED"
    """An earlier line of the file says the same: one settlement written twice, or two that nothing tells apart."""


REFUSALS = frozenset(LineOutcome) - {LineOutcome.BOOKED, LineOutcome.KNOWN, LineOutcome.KNOWN_BY_CARD}


@dataclass(frozen=True)
class Line:
    """A line and what became of it; `surplus_cents` of it came above the balance."""

    line: int
    settlement: Settlement
    said: LineOutcome
    surplus_cents: int = 0


@dataclass
class SettlementsOutcome:
    """What an import did, or would do, line by line."""

    lines: list[Line] = field(default_factory=list)

    def of(self, *said: LineOutcome) -> list[Line]:
        return [line for line in self.lines if line.said in said]

    def cents(self, *said: LineOutcome) -> int:
        return sum(line.settlement.amount_cents for line in self.of(*said))

    @property
    def refused(self) -> list[Line]:
        return self.of(*REFUSALS)

    @property
    def surplus(self) -> list[Line]:
        return [line for line in self.lines if line.surplus_cents]


def import_settlements(
    given: Iterable[Numbered], *, stores: Stores, clock: Clock, agent: str, dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> SettlementsOutcome:  # fmt: skip
    """Book each line once, a batch at a time. With `dry_run`, only say what would be done. Raises Unavailable."""
    outcome = SettlementsOutcome()
    booking = _Booking(stores, clock, agent, dry_run=dry_run)
    for batch in in_batches(given):
        outcome.lines += booking.take(batch)
        progress(len(batch))
    return outcome


def key_of(settlement: Settlement) -> str:
    """What makes a line the same line again: everything it says, however its letters are written."""
    said = "\0".join((_folded(settlement.means), _folded(settlement.reference), str(settlement.amount_cents)))
    return f"other#{settlement.received_on}#{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def _folded(cell: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cell).casefold())


class _Booking:
    """A batch's lines, account by account, so that no two writers meet on one account's list.

    A dry run keeps in `_foreseen` what earlier lines of the file would have made of an invoice; `_read` names the
    settlements that the file has told of so far.
    """

    def __init__(self, stores: Stores, clock: Clock, agent: str, *, dry_run: bool) -> None:
        self._stores, self._clock, self._agent, self._dry_run = stores, clock, agent, dry_run
        self._foreseen: dict[str, Invoice] = {}
        self._read: set[tuple[str, str]] = set()

    def take(self, batch: Sequence[Numbered]) -> list[Line]:
        owners = self._stores.invoices.owners([settlement.number for _, settlement in batch])
        by_owner: dict[str, list[Numbered]] = defaultdict(list)
        lines = []
        for line, settlement in batch:
            if settlement.number in owners:
                by_owner[owners[settlement.number]].append((line, settlement))
            else:
                lines.append(Line(line, settlement, LineOutcome.NO_INVOICE))
        for done in side_by_side(lambda owner: [self._line(owner, *one) for one in by_owner[owner]], [*by_owner]):
            lines += done
        return sorted(lines, key=lambda line: line.line)

    def _line(self, owner: str, line: int, settlement: Settlement) -> Line:
        if self._repeats(settlement):
            return Line(line, settlement, LineOutcome.REPEATED)

        def once() -> Line | None:
            return self._booked(owner, line, settlement)

        return once() or retry(once, what="invoices: conflicting changes", wait=self._stores.money.wait)

    def _booked(self, owner: str, line: int, settlement: Settlement) -> Line | None:
        """Returns None when the invoice changed in between."""
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
        entry = self._entry(settlement, invoice)
        moved = Movement(entry=entry, before=invoice, after=ledger.after(invoice, entry.effect))
        return Line(line, settlement, LineOutcome.BOOKED, entry.surplus_cents) if self._write(moved) else None

    def _repeats(self, settlement: Settlement) -> bool:
        """Whether the file told of it before: money that may be a second settlement is never left out in silence."""
        named = (settlement.number, key_of(settlement))
        repeats = named in self._read
        self._read.add(named)
        return repeats

    def _invoice(self, owner: str, number: str) -> Invoice | None:
        return self._foreseen.get(number) or self._stores.invoices.find(owner, number)

    def _write(self, moved: Movement) -> bool:
        if self._dry_run:
            self._foreseen[moved.after.number] = moved.after
            return True
        return self._stores.money.write(moved)

    def _known(self, settlement: Settlement) -> LineOutcome | None:
        """Whether the money of this line is in the ledger already, or is the bank's to confirm."""
        entries = self._stores.ledger.of(settlement.number)
        if any(entry.key == key_of(settlement) for entry in entries):
            return LineOutcome.KNOWN
        if not settlement.reference:
            return None
        cards = [entry for entry in entries if entry.kind is EntryKind.CARD]
        booked = [entry for entry in cards if settlement.reference in _names(entry)]
        if booked:
            agrees = any(entry.amount_cents == settlement.amount_cents for entry in booked)
            return LineOutcome.KNOWN_BY_CARD if agrees else LineOutcome.CARD_DIFFERS
        return self._awaited(settlement)

    def _awaited(self, settlement: Settlement) -> LineOutcome | None:
        """A card's reference that this invoice's ledger does not show: not confirmed yet, or another invoice's."""
        reference = settlement.reference
        for attempt in self._stores.payments.of_invoice(settlement.number):
            if not attempt.paid and reference in _names_of(attempt):
                return LineOutcome.CARD_NOT_SETTLED
        found = self._stores.payments.find(reference) if REFERENCE.fullmatch(reference) else None
        if found is None:
            return None
        return LineOutcome.CARD_DIFFERS if found.paid else LineOutcome.CARD_NOT_SETTLED

    def _entry(self, settlement: Settlement, invoice: Invoice) -> LedgerEntry:
        effect = ledger.payment_on(invoice, settlement.amount_cents)
        return LedgerEntry(
            key=key_of(settlement),
            kind=EntryKind.OTHER,
            invoice_number=invoice.number,
            username=invoice.username,
            applied_cents=effect.applied_cents,
            surplus_cents=effect.surplus_cents,
            counted_on=settlement.received_on,
            booked_at=self._clock(),
            means=settlement.means,
            reference=settlement.reference,
            agent=self._agent,
        )


def _names(entry: LedgerEntry) -> set[str]:
    """Under which references the town's other software may know a payment by card."""
    return {entry.reference, archive_reference(entry.reference), entry.transaction, entry.call} - {""}


def _names_of(attempt: Attempt) -> set[str]:
    """The same, of a payment that is not booked: the bank's numbers are known when a notice of it is held."""
    numbers = (attempt.notice.transaction, attempt.notice.call) if attempt.notice else ()
    return {attempt.reference, archive_reference(attempt.reference), *numbers} - {""}
