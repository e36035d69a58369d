"""Record a surplus (*trop-perçu*) that the régie gave back otherwise than by card: by transfer, in cash, by cheque."""

from dataclasses import dataclass
from datetime import date

from chalicelib.clock import Clock, day_in_paris
from chalicelib.domain import ledger, movement
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.movement import Movement, position_of
from chalicelib.errors import MoneyRefused, NotFound, Unavailable
from chalicelib.services.payments.refund import booked_before
from chalicelib.services.payments.till import ROUNDS, Till


@dataclass(frozen=True)
class Return:
    """Of one invoice's surplus. `reference`: the number of the transfer or receipt, by which it is known again."""

    number: str
    amount_cents: int
    means: str
    reference: str
    returned_on: date
    agent: str
    reason: str = ""

    @property
    def key(self) -> str:
        return f"return#{self.means.casefold()}#{self.reference.casefold()}"


def return_surplus(returned: Return, *, till: Till, clock: Clock, dry_run: bool = False) -> LedgerEntry | None:
    """Book it; None when it was booked before. With `dry_run`, only check it.

    Raises NotFound, MoneyRefused (above the surplus, of a day to come, known with another amount), Unavailable.
    """
    if returned.returned_on > day_in_paris(clock()):
        raise MoneyRefused("returned_in_future")
    for _ in range(ROUNDS):
        owner = till.invoices.owner(returned.number)
        invoice = till.invoices.find(owner, returned.number) if owner else None
        if invoice is None:
            raise NotFound
        if booked_before(returned.key, returned.amount_cents, till.ledger.of(invoice.number)):
            return None
        moved = _movement(returned, invoice, clock)
        if dry_run or till.books.write(moved):
            return moved.entry
    raise Unavailable("payments: the invoice kept changing")


def _movement(returned: Return, invoice: Invoice, clock: Clock) -> Movement:
    if not 0 < returned.amount_cents <= invoice.surplus_cents:
        raise MoneyRefused("return_above_surplus", most_cents=invoice.surplus_cents)
    effect = ledger.give_back(position_of(invoice), returned.amount_cents)
    entry = LedgerEntry(
        key=returned.key,
        kind=EntryKind.REFUND,
        invoice_number=invoice.number,
        username=invoice.username,
        applied_cents=effect.applied_cents,
        surplus_cents=effect.surplus_cents,
        counted_on=returned.returned_on,
        booked_at=clock(),
        means=returned.means,
        reference=returned.reference,
        agent=returned.agent,
        note=returned.reason,
    )
    return Movement(entry=entry, before=invoice, after=movement.after(invoice, effect))
