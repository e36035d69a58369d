"""*Formulaire de test de mode de réception*: a specimen invoice, delivered at once as the real ones will be."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice, InvoiceLine
from chalicelib.domain.ticket import Ticket
from chalicelib.formats import day_in_paris
from chalicelib.services.authentication.hashing import digest, new_token
from chalicelib.store.tickets import TicketStore
from chalicelib.wording.account import SPECIMEN_CHILD, SPECIMEN_LABEL, SPECIMEN_SERVICES

TESTS_A_DAY = 5
VIEWS_A_DAY = 20
"""The paper specimen is drawn again at each view, which costs a second of a task."""

TICKET = "specimen"
TICKET_LASTS = timedelta(hours=1)
DUE_AFTER = timedelta(days=30)

Deliver = Callable[[str, bytes], None]
"""Mails the PDF (bytes) to an address. Raises Unavailable."""


def specimen_invoice(username: str, today: date) -> Invoice:
    """Returns a specimen invoice of today: nothing is owed or stored."""
    meals, mornings = SPECIMEN_SERVICES
    lines = (_line(meals, 12, 310), _line(mornings, 6, 150))
    return Invoice(
        number="TEST",
        username=username,
        label=SPECIMEN_LABEL,
        issued_on=today,
        due_on=today + DUE_AFTER,
        billed_cents=sum(line.amount_cents for line in lines),
        lines=lines,
    )


def new_specimen_token(username: str, *, tickets: TicketStore, clock: Clock) -> str:
    """Create the one-time token of a specimen mail: the task that sends it may run twice. Returns the token."""
    token = new_token()
    ticket = Ticket(kind=TICKET, holder=username, ends_at=clock() + TICKET_LASTS)
    tickets.put(digest(token), ticket)
    return token


def mail_specimen(
    account: Account, token: str, *, draw: Callable[[Invoice, Account], bytes], deliver: Deliver,
    tickets: TicketStore, clock: Clock,
) -> bool:  # fmt: skip
    """Draw the specimen and mail it to the account. Returns False when it was already sent or there is no address."""
    now = clock()
    document = draw(specimen_invoice(account.username, day_in_paris(now)), account)
    spent = tickets.spend(digest(token), kind=TICKET, holder=account.username, now=now)
    if spent is None or not account.email:
        return False
    deliver(account.email, document)
    return True


def _line(service: str, count: int, unit_price_cents: int) -> InvoiceLine:
    return InvoiceLine(
        child=SPECIMEN_CHILD,
        service=service,
        quantity=Decimal(count),
        unit_price_cents=unit_price_cents,
        amount_cents=count * unit_price_cents,
    )
