"""Start a payment by card: an attempt of its own reference and amount, before anything goes to the bank."""

import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime

from chalicelib.clock import Clock
from chalicelib.domain.invoice import Invoice, PaymentObstacle, PaymentTerms
from chalicelib.domain.payment import Attempt, AttemptState, new_reference
from chalicelib.errors import AlreadyPaid, NotPayable, Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.store.money import PaymentStore


def start_payment(
    invoice: Invoice,
    receipt_email: str,
    *,
    terms: PaymentTerms,
    payments: PaymentStore,
    clock: Clock,
    token: Callable[[int], bytes] = secrets.token_bytes,
) -> Attempt:
    """A new attempt at paying the whole balance, « nécessairement au reste à payer ».

    Raises AlreadyPaid, NotPayable, or Unavailable when it could not be written: then nothing goes to the bank.
    """
    refuse_unpayable(invoice, terms=terms, today=day_in_paris(clock()))
    attempt = Attempt(
        reference=new_reference(token),
        invoice_number=invoice.number,
        username=invoice.username,
        amount_cents=invoice.balance_cents,
        receipt_email=receipt_email,
        created_at=clock(),
    )
    if not payments.add(attempt):
        raise Unavailable("payments: the reference is taken")
    return attempt


def refuse_unpayable(invoice: Invoice, *, terms: PaymentTerms, today: date) -> None:
    """Raise AlreadyPaid when nothing is due, NotPayable for what else stands in the way."""
    bar = terms.bar(invoice.summary, today)
    if bar is PaymentObstacle.NOTHING_DUE:
        raise AlreadyPaid
    if bar:
        raise NotPayable(bar)


def under_way(attempts: Iterable[Attempt], now: datetime) -> list[Attempt]:
    """Those that may be going on, or may have gone through: said before a second one starts.

    A refusal brings its payer back to us to try again: that is no other tab.
    """
    going_on = (attempt for attempt in attempts if attempt.state is not AttemptState.REFUSED)
    return [attempt for attempt in going_on if attempt.under_way(now)]
