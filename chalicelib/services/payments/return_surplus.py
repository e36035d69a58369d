"""Record a surplus (*trop-perçu*) or a credit note (*avoir*) that the régie gave back, by cheque…"""

from dataclasses import dataclass
from datetime import date

from chalicelib.clock import Clock
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.payment_method import PaymentMethod, method_of, method_read
from chalicelib.domain.reversal import counted, free_key
from chalicelib.domain.settlement import fold_reference
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.paid_invoices import clear_surplus_alarms
from chalicelib.services.payments.refund import booked_before
from chalicelib.store.retry import retry
from chalicelib.stores import Stores


@dataclass(frozen=True)
class SurplusReturn:
    """A return of one invoice's surplus. `reference`, the number of the transfer or receipt, identifies it."""

    number: str
    amount_cents: int
    payment_method: str
    reference: str
    returned_on: date
    agent: str
    reason: str = ""

    @property
    def key(self) -> str:
        return f"return#{method_read(self.payment_method)}#{fold_reference(self.reference)}"

    def is_same(self, entry: LedgerEntry) -> bool:
        """Whether an entry is a return of this number by this method, however both were typed."""
        if entry.kind is not EntryKind.REFUND or entry.transaction:
            return False
        same_method = method_read(entry.means) is method_read(self.payment_method)
        return same_method and fold_reference(entry.reference) == fold_reference(self.reference)


def return_surplus(
    returned: SurplusReturn, *, stores: Stores, clock: Clock, dry_run: bool = False
) -> LedgerEntry | None:
    """Book it, and clear the alarms of the surplus. Returns its entry, None when it was booked before.

    With `dry_run`, only check. Raises NotFound, MoneyRefused (by card, above the surplus, of a future day or before
    the invoice, booked with another amount), Unavailable.
    """
    method = method_of(returned.payment_method)
    if method is PaymentMethod.CARD:
        raise MoneyRefused("returned_by_card")
    if method is None:
        raise MoneyRefused("unknown_method")
    if returned.returned_on > day_in_paris(clock()):
        raise MoneyRefused("returned_in_future")

    def once() -> tuple[Invoice, LedgerEntry | None] | None:
        invoice = stores.invoices.find_by_number(returned.number)
        if invoice is None:
            raise NotFound
        entries = stores.ledger.of(invoice.number)
        if booked_before(filter(returned.is_same, counted(entries)), returned.amount_cents):
            return invoice, None
        moved = _movement(returned, invoice, entries, clock)
        return (moved.after, moved.entry) if dry_run or stores.money.write(moved) else None

    invoice, entry = once() or retry(once, what="payments: conflicting changes", wait=stores.money.wait)
    if not (dry_run or invoice.surplus_cents):
        clear_surplus_alarms(invoice.number, stores=stores, clock=clock)
    return entry


def _movement(returned: SurplusReturn, invoice: Invoice, entries: list[LedgerEntry], clock: Clock) -> Movement:
    if not invoice.visible:
        raise MoneyRefused("not_issued")
    if not 0 < returned.amount_cents <= invoice.credit_cents:
        raise MoneyRefused("return_above_surplus", most_cents=invoice.credit_cents)
    if returned.returned_on < invoice.issued_on:
        raise MoneyRefused("returned_before_invoice")
    entry = LedgerEntry.refund(
        invoice,
        returned.amount_cents,
        key=free_key(returned.key, entries),
        counted_on=returned.returned_on,
        booked_at=clock(),
        means=method_read(returned.payment_method).value,
        reference=returned.reference,
        agent=returned.agent,
        note=returned.reason,
    )
    return Movement.booking(entry, invoice)
