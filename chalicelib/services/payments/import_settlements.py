"""Import settlements (*règlements*: cheques, cash, transfers): each is booked once.

What resembles another is held back. A negative line takes a settlement back; a line *avoir* or *report* uses credit of
the account.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from chalicelib.clock import Clock
from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.invoice import Invoice, InvoiceState, years_before
from chalicelib.domain.known_settlement import compare, same_on_another_day, taken_back
from chalicelib.domain.ledger import COUNTER, EntryKind, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment_method import is_offset, is_return
from chalicelib.domain.reversal import counted, undone_keys
from chalicelib.domain.settlement import Settlement, fold_reference
from chalicelib.errors import MoneyRefused
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.books import Books, books_of, key_taken
from chalicelib.services.payments.known_card_payment import known_card_payment, names_card_payment
from chalicelib.services.payments.offset_credit import Offset, offset_movements, only_credit_of
from chalicelib.services.payments.settlement_outcome import Line, LineOutcome, SettlementsOutcome
from chalicelib.services.payments.undo_movement import Undoing, reversals
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

Numbered = tuple[int, Settlement]
"""The line of the file, and its settlement."""


@dataclass(frozen=True)
class ImportRules:
    """`anyway`: what resembles another, or has an odd date, is booked (`--quand-meme`). `takeover`: any past date.

    `origin`: that of the entries, COUNTER for what an agent types.
    """

    anyway: bool = False
    takeover: bool = False
    origin: str = ""


STRICT = ImportRules()


def import_settlements(
    numbered: Iterable[Numbered], *, stores: Stores, clock: Clock, agent: str, dry_run: bool = False,
    rules: ImportRules = STRICT, progress: Callable[[int], None] = lambda _: None,
) -> SettlementsOutcome:  # fmt: skip
    """Book each line once, in batches. With `dry_run`, nothing is written. Returns the results. Raises Unavailable."""
    outcome = SettlementsOutcome()
    booking = SettlementBooking(books_of(stores, dry_run=dry_run), clock, agent, rules)
    for batch in in_batches(numbered):
        outcome.lines += booking.book(batch)
        progress(len(batch))
    return outcome


class SettlementBooking:
    """Books the lines of batches, one thread per account, so that writes to an account's list do not conflict.

    `_alike`: how many lines of the file so far have no reference, by invoice, day and amount. `_named`: the invoices
    that each reference of the file is written on.
    """

    def __init__(self, books: Books, clock: Clock, agent: str, rules: ImportRules) -> None:
        self._books, self._clock, self._agent, self._rules = books, clock, agent, rules
        self._alike: Counter[tuple[str, str, int]] = Counter()
        self._named: dict[str, set[str]] = defaultdict(set)

    def book(self, batch: Sequence[Numbered]) -> list[Line]:
        owners = self._books.stores.invoices.owners([settlement.number for _, settlement in batch])
        by_owner: dict[str, list[Numbered]] = defaultdict(list)
        lines = []
        for line, settlement in batch:
            if settlement.number in owners:
                by_owner[owners[settlement.number]].append((line, settlement))
            else:
                lines.append(Line(line, settlement, LineOutcome.NO_INVOICE))
        for done in in_threads(lambda owner: self._of_account(owner, by_owner[owner]), [*by_owner]):
            lines += done
        return [self._with_shared_reference(line) for line in sorted(lines, key=lambda line: line.line)]

    def _of_account(self, owner: str, numbered: Sequence[Numbered]) -> list[Line]:
        since = years_before(self._today(), 1)
        named = [*self._books.stores.ledger.of_account(owner, since=since)] if has_reference(numbered) else []
        return [with_other_invoices(self._line(owner, *one), named) for one in numbered]

    def _line(self, owner: str, number: int, settlement: Settlement) -> Line:
        nth = self._nth(settlement)

        def once() -> Line | None:
            return self._booked(owner, Line(number, settlement, LineOutcome.BOOKED), nth)

        return once() or retry(once, what="invoices: conflicting changes", wait=self._books.stores.money.wait)

    def _nth(self, settlement: Settlement) -> int:
        """Returns which one it is, of the file's lines without reference for this invoice, day and amount."""
        if fold_reference(settlement.reference):
            return 1
        same = (settlement.number, settlement.received_on.isoformat(), settlement.amount_cents)
        self._alike[same] += 1
        return self._alike[same]

    def _booked(self, owner: str, line: Line, nth: int) -> Line | None:
        """Returns None when the invoice changed meanwhile."""
        settlement = line.settlement
        invoice = self._books.invoice(owner, settlement.number)
        if invoice is None:
            return replace(line, outcome=LineOutcome.NO_INVOICE)
        line = replace(line, invoice=invoice)
        refused = self._refused(settlement, invoice)
        if refused:
            return replace(line, outcome=refused)
        entries = self._books.entries(invoice.number)
        kind = kind_of(settlement)
        found = compare(settlement, entries, kind=kind, nth=nth)
        if found.known:
            undone = found.known.key in undone_keys(entries)
            return replace(line, outcome=LineOutcome.KNOWN, alike=(found.known,), undone=undone)
        card = known_card_payment(settlement, entries, stores=self._books.stores) if kind is EntryKind.OTHER else None
        if card:
            return replace(line, outcome=card)
        held = self._held(settlement, invoice) or (LineOutcome.ALIKE if found.alike else None)
        if held and not self._rules.anyway:
            return replace(line, outcome=held, alike=found.alike)
        if kind is EntryKind.REVERSAL:
            return self._undo(line, invoice, entries)
        if kind is EntryKind.OFFSET:
            return self._offset(line, invoice, entries)
        entry = LedgerEntry.settlement(
            invoice, settlement, booked_at=self._clock(), agent=self._agent, nth=found.nth, origin=self._rules.origin
        )
        other_days = same_on_another_day(settlement, counted(entries))
        line = replace(line, surplus_cents=entry.surplus_cents, entry=entry, alike=other_days)
        return self._written(line, [Movement.booking(entry, invoice)])

    def _refused(self, settlement: Settlement, invoice: Invoice) -> LineOutcome | None:
        if invoice.state is InvoiceState.PREPARED:
            return LineOutcome.NOT_ISSUED
        if is_return(settlement.means) and settlement.amount_cents > 0:
            return LineOutcome.WRONG_SIGN
        return LineOutcome.FUTURE if settlement.received_on > self._last_day() else None

    def _last_day(self) -> date:
        """Today; for what is typed at the counter once today is closed, the first open day."""
        today = self._today()
        if self._rules.origin != COUNTER:
            return today
        return self._books.stores.closings.first_open_day(today)

    def _held(self, settlement: Settlement, invoice: Invoice) -> LineOutcome | None:
        """Returns why its day is odd: a typing error of a year is the most frequent."""
        if self._rules.takeover:
            return None
        if settlement.received_on < invoice.issued_on:
            return LineOutcome.BEFORE_INVOICE
        return LineOutcome.OVER_A_YEAR if settlement.received_on < years_before(self._today(), 1) else None

    def _undo(self, line: Line, invoice: Invoice, entries: list[LedgerEntry]) -> Line | None:
        settlement = line.settlement
        if names_card_payment(settlement.reference, entries):
            return replace(line, outcome=LineOutcome.CARD_REFUND)
        candidates = taken_back(settlement, counted(entries))
        if len(candidates) != 1:
            outcome = LineOutcome.SEVERAL_TO_UNDO if candidates else LineOutcome.NONE_TO_UNDO
            return replace(line, outcome=outcome, alike=tuple(candidates))
        undoing = Undoing("rejet", self._agent, settlement.received_on, self._clock(), settlement.reference)
        try:
            moved = reversals(candidates[0], invoice, undoing, books=self._books)
        except MoneyRefused:
            return replace(line, outcome=LineOutcome.GIVEN_BACK, alike=tuple(candidates))
        return self._written(replace(line, outcome=LineOutcome.UNDONE, alike=tuple(candidates)), moved)

    def _offset(self, line: Line, invoice: Invoice, entries: list[LedgerEntry]) -> Line | None:
        settlement = line.settlement
        named = settlement.reference.strip()
        source = (
            self._books.invoice(invoice.username, named)
            if named
            else only_credit_of(invoice.username, invoice, settlement.amount_cents, books=self._books)
        )
        if source is None:
            return replace(line, outcome=LineOutcome.NO_CREDIT)
        asked = Offset(
            source.number,
            invoice.number,
            settlement.amount_cents,
            settlement.received_on,
            self._agent,
            settlement.reference,
        )
        try:
            moved = offset_movements(asked, source, invoice, entries, clock=self._clock)
        except MoneyRefused:
            return replace(line, outcome=LineOutcome.NO_CREDIT)
        done = self._written(replace(line, outcome=LineOutcome.OFFSET, source=source.number), moved)
        if done and not moved[1].after.surplus_cents:
            self._books.clear_surplus_alarms(source.number, self._clock)
        return done

    def _written(self, line: Line, moved: list[Movement]) -> Line | None:
        if self._books.write(moved):
            return line
        # An entry of that key: a copy of the file is being imported beside, or this write's answer was lost.
        return replace(line, outcome=LineOutcome.KNOWN) if any(key_taken(one, self._books) for one in moved) else None

    def _today(self) -> date:
        return day_in_paris(self._clock())

    def _with_shared_reference(self, line: Line) -> Line:
        """Returns it with the other invoices that the file names with the same reference: one cheque for two, or an
        error that the agent must see."""
        folded = fold_reference(line.settlement.reference)
        if not folded or line.outcome is not LineOutcome.BOOKED:
            return line
        others = {*line.same_reference_on, *self._named[folded]} - {line.settlement.number}
        self._named[folded].add(line.settlement.number)
        return replace(line, same_reference_on=tuple(sorted(others)))


def has_reference(numbered: Sequence[Numbered]) -> bool:
    """Whether one of these settlements has a reference."""
    return any(fold_reference(settlement.reference) for _, settlement in numbered)


def with_other_invoices(line: Line, entries: Sequence[LedgerEntry]) -> Line:
    """Returns a line to book with the account's other invoices that its reference settled already."""
    folded = fold_reference(line.settlement.reference)
    if not folded or line.outcome is not LineOutcome.BOOKED:
        return line
    same = {
        entry.invoice_number
        for entry in entries
        if entry.kind is EntryKind.OTHER and fold_reference(entry.reference) == folded
    }
    return replace(line, same_reference_on=tuple(sorted(same - {line.settlement.number})))


def kind_of(settlement: Settlement) -> EntryKind:
    """Returns the kind of entry that a settlement becomes."""
    if settlement.amount_cents < 0:
        return EntryKind.REVERSAL
    return EntryKind.OFFSET if is_offset(settlement.means) else EntryKind.OTHER
