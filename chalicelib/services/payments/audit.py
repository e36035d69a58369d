"""Audit (*vérifier la comptabilité*): recompute the invoices' paid amounts from the ledger and list differences."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby

from chalicelib.concurrency import in_batches
from chalicelib.domain.cash_desk.quittance import QuittanceEntry
from chalicelib.domain.invoice import Invoice, InvoiceSummary
from chalicelib.domain.ledger import (
    COUNTER,
    EntryKind,
    LedgerEntry,
    card_refund_cents,
    entries_agree,
    opening_effect,
    total,
)
from chalicelib.domain.payment import Attempt
from chalicelib.domain.position import Position, position_of
from chalicelib.domain.reconciliation import awaits_reconciliation
from chalicelib.domain.reversal import counted
from chalicelib.services.payments.audit_result import Audit, Difference
from chalicelib.services.payments.close_day import day_totals
from chalicelib.stores import Stores


def audit(*, stores: Stores, progress: Callable[[int], None] = lambda _: None) -> Audit:
    """Read every entry, invoice, row and attempt, for the command only; `progress` is called with the invoices done.

    Money may move meanwhile: what differs is read again, consistently, before it is reported. Raises Unavailable.
    """
    auditor = _Auditor(stores)
    auditor.add_entries()
    for accounts in in_batches(_by_account(stores.invoices.every())):
        auditor.check_accounts(dict(accounts))
        progress(sum(len(invoices) for _, invoices in accounts))
    auditor.check_orphans()
    auditor.check_offsets()
    auditor.check_attempts()
    auditor.check_quittances()
    auditor.check_closings()
    return auditor.found


def _by_account(invoices: Iterable[Invoice]) -> Iterator[tuple[str, list[Invoice]]]:
    """Yields each account's invoices: they are contiguous in a DynamoDB scan, so only one account's are in memory."""
    return ((username, list(some)) for username, some in groupby(invoices, key=lambda invoice: invoice.username))


class _Auditor:
    """`_sums`: invoice number → sum of its entries; `_by_card`: (invoice number, reference of its attempt) of the
    entries of payments by card.

    `_quittances`: number → (invoice, key) of the entries that have it; `_last_quittance`: read before the entries.
    `_closed`: the entries of each day that was closed before they were read. `_halves`: key → sum of both halves of an
    offset; `_offset_by`: key → one of its invoices.
    """

    def __init__(self, stores: Stores) -> None:
        self.found = Audit()
        self._stores = stores
        self._sums: dict[str, Position] = defaultdict(Position)
        self._by_card: set[tuple[str, str]] = set()
        self._refunded: Counter[str] = Counter()
        self._unnumbered: dict[str, set[str]] = defaultdict(set)
        self._halves: Counter[str] = Counter()
        self._offset_by: dict[str, str] = {}
        self._last_quittance = stores.quittances.last()
        self._quittances: dict[int, list[tuple[str, str]]] = defaultdict(list)
        self._closed: dict[date, list[LedgerEntry]] = {closing.day: [] for closing in stores.closings.every()}

    def add_entries(self) -> None:
        last = self.found.last_reconciliation = self._stores.reconciliations.last()
        waiting: set[date] = set()
        for entry in self._stores.ledger.every():
            self._sums[entry.invoice_number] = self._sums[entry.invoice_number].plus(entry.effect)
            self.found.entries += 1
            self.found.moved_cents += entry.amount_cents
            if entry.kind is EntryKind.CARD:
                self._by_card.add((entry.invoice_number, entry.reference))
            if awaits_reconciliation(entry, last):
                waiting.add(entry.counted_on)
            if entry.counted_on in self._closed:
                self._closed[entry.counted_on].append(entry)
            if entry.quittance is not None:
                self._quittances[entry.quittance].append((entry.invoice_number, entry.key))
            self._refunded[entry.reference] += card_refund_cents(entry)
            if entry.origin == COUNTER and entry.quittance is None:
                self._unnumbered[entry.invoice_number].add(entry.key)
            if entry.counterpart:
                self._halves[entry.key] += entry.amount_cents
                self._offset_by[entry.key] = entry.invoice_number
        self.found.unreconciled_since = min(waiting, default=None)

    def check_accounts(self, accounts: dict[str, list[Invoice]]) -> None:
        rows = self._stores.summaries.find_many([*accounts])
        for username, invoices in accounts.items():
            shown = {row.number: row for row in rows.get(username, ())}
            for invoice in invoices:
                self._check_invoice(invoice)
                self._check_row(invoice, shown.get(invoice.number))

    def check_offsets(self) -> None:
        """List an invoice of each offset, or undone offset, whose two halves do not cancel out."""
        self.found.offsets = sorted(self._offset_by[key] for key, cents in self._halves.items() if cents)

    def check_orphans(self) -> None:
        """List the entries whose invoice does not exist, among the sums that no invoice used."""
        self.found.orphans = sorted(number for number in self._sums if self._stores.invoices.owner(number) is None)

    def check_attempts(self) -> None:
        last, numbers = self._stores.money.last_receipt(), Counter[int]()
        for attempt in self._stores.payments.every():
            if attempt.receipt_number is not None:
                numbers[attempt.receipt_number] += 1
            if attempt.paid and not self._has_entries(attempt):
                self.found.unbooked.append(attempt.reference)
            if attempt.refunded_cents != self._refunded[attempt.reference] and not self._refunds_agree(attempt):
                self.found.refunds.append(attempt.reference)
        self.found.receipts = _faults_of_series(last, numbers)

    def _refunds_agree(self, attempt: Attempt) -> bool:
        """Whether what a payment says was refunded is what the ledger says, both read again."""
        entries = [entry for number in attempt.invoice_numbers for entry in self._stores.ledger.of(number)]
        booked = sum(card_refund_cents(entry) for entry in entries if entry.reference == attempt.reference)
        current = self._stores.payments.find(attempt.reference)
        return current is not None and current.refunded_cents == booked

    def check_quittances(self) -> None:
        times = Counter({number: len(entries) for number, entries in self._quittances.items()})
        led_to = {named.number: named for named in self._stores.quittances.every()}
        astray = [number for number in self._quittances if not self._leads_back(number, led_to.get(number))]
        self.found.quittances = sorted({*_faults_of_series(self._last_quittance, times), *astray})
        self.found.unnumbered = sorted(number for number in self._unnumbered if self._lacks_quittance(number))

    def _lacks_quittance(self, number: str) -> bool:
        """Whether a settlement typed at the counter, and not undone, still has no quittance."""
        entries = counted(self._stores.ledger.of(number))
        return any(entry.origin == COUNTER and entry.quittance is None for entry in entries)

    def check_closings(self) -> None:
        """Compare each closing with its day's entries, read again, consistently, before a difference is told."""
        for day, entries in sorted(self._closed.items()):
            closing = self._stores.closings.find(day)
            if closing is None or closing.totals == day_totals(entries):
                continue
            if closing.totals != day_totals(self._stores.ledger.on(day)):
                self.found.closings.append(closing)

    def _leads_back(self, number: int, named: QuittanceEntry | None) -> bool:
        named = named or self._stores.quittances.find(number)
        return named is not None and (named.invoice_number, named.entry) in self._quittances[number]

    def _check_invoice(self, invoice: Invoice) -> None:
        self.found.invoices += 1
        summed = self._sums.pop(invoice.number, Position())
        if not entries_agree(invoice, summed):
            summed = total(self._stores.ledger.of(invoice.number))
            invoice = self._reread(invoice)
            if not entries_agree(invoice, summed):
                self.found.differences.append(Difference(invoice, summed.plus(opening_effect(invoice))))
        self.found.received_cents += position_of(invoice).cash_cents
        self.found.surplus_cents += invoice.surplus_cents
        self.found.opening_cents += invoice.opening_cents

    def _check_row(self, invoice: Invoice, row: InvoiceSummary | None) -> None:
        if row is None or _same_money(row, invoice):
            return
        rows = {one.number: one for one in self._stores.summaries.find(invoice.username)}
        if not _same_money(rows[invoice.number], self._reread(invoice)):
            self.found.rows.append(invoice.number)

    def _reread(self, invoice: Invoice) -> Invoice:
        return self._stores.invoices.find(invoice.username, invoice.number) or invoice

    def _has_entries(self, attempt: Attempt) -> bool:
        """Whether a paid attempt has its entry on each of its invoices."""
        unseen = [number for number in attempt.invoice_numbers if (number, attempt.reference) not in self._by_card]
        return all(
            any(entry.reference == attempt.reference for entry in self._stores.ledger.of(number)) for number in unseen
        )


def _faults_of_series(last: int, numbers: Counter[int]) -> list[int]:
    """Returns the numbers missing from 1 to `last`, and those taken more than once."""
    missing = [number for number in range(1, last + 1) if number not in numbers]
    return sorted(missing + [number for number, times in numbers.items() if times > 1])


def _same_money(row: InvoiceSummary, invoice: Invoice) -> bool:
    return (row.paid_cents, row.cancelled) == (invoice.paid_cents, invoice.summary.cancelled)
