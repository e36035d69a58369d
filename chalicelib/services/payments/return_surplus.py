"""Record a surplus (*trop-perçu*) that the régie gave back otherwise than by card: by transfer, in cash, by cheque."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from chalicelib.clock import Clock
from chalicelib.domain import ledger
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import EntryKind, LedgerEntry, Movement, position_of
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.receive_notice import CARD
from chalicelib.services.payments.refund import booked_before, forget_surplus_alarms
from chalicelib.store.retry import retry
from chalicelib.stores import Stores


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
        """« Espèces, R 1 » typed as « especes, r1 » is the same."""
        return f"return#{folded(self.means)}#{folded(self.reference)}"


def return_surplus(returned: Return, *, stores: Stores, clock: Clock, dry_run: bool = False) -> LedgerEntry | None:
    """Book it, and explain the payments that were above the balance; None when it was booked before.

    With `dry_run`, only check it. Raises NotFound, MoneyRefused (by card, above the surplus, of a day to come or before
    the invoice, known with another amount), Unavailable.
    """
    if folded(returned.means) == folded(CARD):
        raise MoneyRefused("returned_by_card")
    if returned.returned_on > day_in_paris(clock()):
        raise MoneyRefused("returned_in_future")

    def once() -> tuple[Invoice, LedgerEntry | None] | None:
        invoice = stores.invoices.numbered(returned.number)
        if invoice is None:
            raise NotFound
        if booked_before(returned.key, returned.amount_cents, stores.ledger.of(invoice.number)):
            return invoice, None
        moved = _movement(returned, invoice, clock)
        return (moved.after, moved.entry) if dry_run or stores.money.write(moved) else None

    invoice, entry = once() or retry(once, what="payments: conflicting changes", wait=stores.money.wait)
    if not (dry_run or invoice.surplus_cents):
        forget_surplus_alarms(invoice.number, stores=stores, clock=clock)
    return entry


def folded(typed: str) -> str:
    """Letters and digits alone, of any script, without accents: what an agent types twice for one return."""
    letters = unicodedata.normalize("NFKD", typed.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _movement(returned: Return, invoice: Invoice, clock: Clock) -> Movement:
    if not 0 < returned.amount_cents <= invoice.surplus_cents:
        raise MoneyRefused("return_above_surplus", most_cents=invoice.surplus_cents)
    if returned.returned_on < invoice.issued_on:
        raise MoneyRefused("returned_before_invoice")
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
    return Movement(entry=entry, before=invoice, after=ledger.after(invoice, effect))
