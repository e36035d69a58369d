"""Start a card payment: store an attempt with its own reference and amount before the bank is called."""

import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime

from chalicelib.clock import Clock
from chalicelib.domain.card_payment.reference import new_reference
from chalicelib.domain.invoice import Invoice, PaymentObstacle, PaymentTerms
from chalicelib.domain.payment import Attempt, AttemptState
from chalicelib.errors import AlreadyPaid, NotPayable, Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.store.payments import PaymentStore


def start_payment(
    invoice: Invoice,
    receipt_email: str,
    *,
    terms: PaymentTerms,
    payments: PaymentStore,
    clock: Clock,
    token: Callable[[int], bytes] = secrets.token_bytes,
) -> Attempt:
    """Returns a new attempt to pay the whole balance, « nécessairement au reste à payer ».

    Raises AlreadyPaid, NotPayable, or Unavailable when it could not be stored: then the bank is not called.
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
    """Raise AlreadyPaid when nothing is due, NotPayable for any other obstacle."""
    obstacle = terms.obstacle(invoice.summary, today)
    if obstacle is PaymentObstacle.NOTHING_DUE:
        raise AlreadyPaid
    if obstacle:
        raise NotPayable(obstacle)


def under_way(attempts: Iterable[Attempt], now: datetime) -> list[Attempt]:
    """Returns the attempts that may be in progress or paid: the payer is warned before starting a second one.

    A refused one is left out: its payer has come back from the bank to try again.
    """
    not_refused = (attempt for attempt in attempts if attempt.state is not AttemptState.REFUSED)
    return [attempt for attempt in not_refused if attempt.under_way(now)]
