"""Start a card payment: store an attempt with its own reference and amount before the bank is called."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.clock import Clock
from chalicelib.domain.card_payment.reference import new_reference
from chalicelib.domain.card_payment.share import Share
from chalicelib.domain.invoice import Invoice, InvoiceSummary, PaymentObstacle, PaymentTerms, list_due
from chalicelib.domain.payment import Attempt, AttemptState
from chalicelib.errors import AlreadyPaid, NotPayable, Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.payments import PaymentStore


def start_payment(
    invoices: Sequence[Invoice],
    receipt_email: str,
    *,
    terms: PaymentTerms,
    payments: PaymentStore,
    clock: Clock,
    token: Callable[[int], bytes] = secrets.token_bytes,
) -> Attempt:
    """Returns a new attempt to pay the whole balance of each invoice, « nécessairement au reste à payer ».

    One account's invoices, MOST_INVOICES at most, in the order in which its receipt will list them.
    Raises AlreadyPaid, NotPayable, or Unavailable when it could not be stored: then the bank is not called.
    """
    for invoice in invoices:
        refuse_unpayable(invoice, terms=terms, today=day_in_paris(clock()))
    shares = tuple(Share(invoice_number=one.number, amount_cents=one.balance_cents) for one in invoices)
    first = invoices[0]
    attempt = Attempt(
        reference=new_reference(token),
        invoice_number=first.number,
        username=first.username,
        amount_cents=sum(share.amount_cents for share in shares),
        shares=shares if len(shares) > 1 else (),
        receipt_email=receipt_email,
        created_at=clock(),
    )
    if not payments.add(attempt):
        raise Unavailable("payments: the reference is taken")
    return attempt


@dataclass(frozen=True)
class ChosenInvoices:
    """Invoices that one payment was asked for: those that a card may pay now, and why others cannot, by number."""

    payable: list[Invoice]
    left_out: dict[str, PaymentObstacle]

    @property
    def total_cents(self) -> int:
        return sum(invoice.balance_cents for invoice in self.payable)


def choose_invoices(
    numbers: Sequence[str], username: str, *, terms: PaymentTerms, invoices: InvoiceStore, today: date
) -> ChosenInvoices:
    """Returns the account's invoices of these numbers, read consistently, the earliest due first.

    A number that is none of its own is neither payable nor left out.
    """
    found = invoices.find_many([(username, number) for number in numbers]) if numbers else {}
    visible = {number: invoice for number, invoice in found.items() if invoice.visible}
    obstacles = {number: terms.obstacle(invoice.summary, today) for number, invoice in visible.items()}
    payable = [visible[number] for number, obstacle in obstacles.items() if obstacle is None]
    return ChosenInvoices(
        payable=sorted(payable, key=lambda invoice: (invoice.due_on, invoice.number)),
        left_out={number: obstacle for number, obstacle in obstacles.items() if obstacle},
    )


def list_payable(rows: Iterable[InvoiceSummary], *, terms: PaymentTerms, today: date) -> list[InvoiceSummary]:
    """Returns the rows that a card may pay on that day, the earliest due first."""
    return [row for row in list_due(rows) if terms.obstacle(row, today) is None]


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
