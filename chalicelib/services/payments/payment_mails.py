"""Mails about a card payment (receipt, refusal): claimed before and marked after, so that each is sent once."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.payment import Attempt, MailState
from chalicelib.domain.receipt import Receipt
from chalicelib.domain.town_settings import Town
from chalicelib.mail import messages
from chalicelib.mail.messages import Link
from chalicelib.services.authentication.hashing import new_token
from chalicelib.services.payments.paid_invoices import invoices_of
from chalicelib.services.payments.receipts import number_receipt, receipt_of
from chalicelib.services.payments.send_once import send_once
from chalicelib.services.payments.sweep import RECEIPT, REFUSAL
from chalicelib.store.payments import PaymentStore
from chalicelib.stores import Stores

if TYPE_CHECKING:
    from chalicelib.mail.mailer import Mailer  # the web function, which never mails, must not load it

Send = Callable[[Attempt], None]
"""Writes and sends a mail. Raises MailRefused, MailThrottled or Unavailable."""


def numbered_receipt(attempt: Attempt, *, stores: Stores, clock: Clock) -> Receipt:
    """Returns the receipt of a paid attempt, numbered now if it was not. Raises NotFound, Unavailable."""
    numbered = number_receipt(attempt, stores=stores, clock=clock)
    invoices = invoices_of(attempt, stores=stores)
    return receipt_of(numbered, invoices, _holder(stores.accounts.find(attempt.username), attempt))


def send_receipt(
    receipt: Receipt, document: bytes, *, stores: Stores, mailer: "Mailer", town: Town, link: Link, clock: Clock
) -> MailState | None:
    """Mail the receipt to the address that the payer typed, once. Returns None when another call has claimed it.

    Raises MailThrottled: it was not sent and may be tried again.
    """
    attempt = stores.payments.find(receipt.reference)
    if attempt is None or not attempt.receipt_due:
        return None

    def send(claimed: Attempt) -> None:
        written = messages.receipt(claimed, receipt, document=document, town=town, link=link)
        mailer.send(written, tag=claimed.reference)

    return mail_once(attempt, RECEIPT, send=send, payments=stores.payments, clock=clock)


def send_refusal(
    reference: str, *, stores: Stores, mailer: "Mailer", town: Town, link: Link, clock: Clock
) -> MailState | None:
    """Mail once that the payment failed, unless its invoices were paid since: the mail would only worry.

    Returns None when another call has claimed it. Raises MailThrottled.
    """
    attempt = stores.payments.find(reference)
    if attempt is None or not attempt.refusal_due:
        return None
    invoices = stores.invoices.find_many([(attempt.username, number) for number in attempt.invoice_numbers])
    labels = [(number, invoices[number].label) for number in attempt.invoice_numbers if number in invoices]
    if not any(invoice.balance_cents for invoice in invoices.values()):
        write_mail_state(reference, REFUSAL, MailState.DROPPED, payments=stores.payments, clock=clock)
        return MailState.DROPPED

    def send(claimed: Attempt) -> None:
        mailer.send(messages.payment_refused(claimed, labels, town=town, link=link), tag=claimed.reference)

    return mail_once(attempt, REFUSAL, send=send, payments=stores.payments, clock=clock)


def mail_once(attempt: Attempt, mail: str, *, send: Send, payments: PaymentStore, clock: Clock) -> MailState | None:
    """Send the mail of an attempt unless it was sent or claimed. `mail` is one of domain.payment.MAILS.

    Returns its state; None when another call has claimed it. Raises MailThrottled: it was not sent and may be tried
    again.
    """
    claimed = _claim(attempt, mail, payments=payments, clock=clock)
    if claimed is None:
        return None

    def write(state: MailState | None) -> MailState | None:
        write_mail_state(claimed.reference, mail, state, payments=payments, clock=clock)
        return state

    return send_once(
        lambda: send(claimed),
        sent=lambda _: write(MailState.SENT),
        refused=lambda: write(MailState.UNDELIVERABLE),
        needs_review=lambda: write(MailState.NEEDS_REVIEW),
        give_back=lambda: write(None),
    )


def _claim(attempt: Attempt, mail: str, *, payments: PaymentStore, clock: Clock) -> Attempt | None:
    """Returns the attempt with its mail claimed, or None when another call has claimed it."""

    def claim(current: Attempt) -> Attempt | None:
        if getattr(current, mail) is not None:
            return None
        facts = {mail: MailState.CLAIMED, "mail_claimed_at": clock(), "written_by": new_token()}
        return current.changed(clock(), **facts)

    return payments.change(attempt.reference, claim, first=attempt)


def write_mail_state(
    reference: str, mail: str, state: MailState | None, *, payments: PaymentStore, clock: Clock
) -> None:
    """Write the state of the mail, whatever else changes on the attempt meanwhile. Raises Unavailable."""
    payments.change(reference, lambda attempt: attempt.changed(clock(), **{mail: state}))


def _holder(account: Account | None, attempt: Attempt) -> str:
    return account.holder.full_name if account else attempt.username
