"""The two mails about a payment, each once: its receipt, with the document; and word that it ended unpaid."""

from typing import TYPE_CHECKING

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.payment import Attempt, MailState
from chalicelib.domain.receipt import Receipt
from chalicelib.domain.town_settings import Town
from chalicelib.errors import NotFound
from chalicelib.mail import payment_messages as messages
from chalicelib.mail.messages import Link
from chalicelib.services.payments.mail_once import mail_once, mark
from chalicelib.services.payments.receipts import number_receipt, receipt_of
from chalicelib.services.payments.stores import Till
from chalicelib.services.payments.sweep import RECEIPT, REFUSAL
from chalicelib.store.accounts import AccountStore

if TYPE_CHECKING:
    from chalicelib.mail.mailer import Mailer  # the web function, which never mails, must not load it


def stated(attempt: Attempt, *, till: Till, accounts: AccountStore, clock: Clock) -> Receipt:
    """The receipt of a paid attempt, numbered now if it never was. Raises NotFound, Unavailable."""
    numbered = number_receipt(attempt, till=till, clock=clock)
    invoice = till.invoices.find(attempt.username, attempt.invoice_number)
    if invoice is None:
        raise NotFound
    return receipt_of(numbered, invoice, _holder(accounts.find(attempt.username), attempt))


def send_receipt(
    receipt: Receipt, document: bytes, *, till: Till, mailer: "Mailer", town: Town, link: Link, clock: Clock
) -> MailState | None:
    """Mail the receipt to the address that was typed, once; None when it was not this call's to send.

    Raises MailThrottled: it did not leave, and may be tried again.
    """
    attempt = till.payments.find(receipt.reference)
    if attempt is None or not attempt.receipt_due:
        return None

    def send(claimed: Attempt) -> None:
        written = messages.receipt(claimed, receipt, document=document, town=town, link=link)
        mailer.send(written, tag=claimed.reference)

    return mail_once(attempt, RECEIPT, send=send, payments=till.payments, clock=clock)


def send_refusal(
    reference: str, *, till: Till, mailer: "Mailer", town: Town, link: Link, clock: Clock
) -> MailState | None:
    """Say once that the payment ended unpaid, unless the invoice was settled since: it would only frighten.

    None when it was not this call's to send. Raises MailThrottled.
    """
    attempt = till.payments.find(reference)
    if attempt is None or not attempt.refusal_due:
        return None
    invoice = till.invoices.find(attempt.username, attempt.invoice_number)
    if invoice is None or not invoice.balance_cents:
        mark(reference, REFUSAL, MailState.DROPPED, payments=till.payments, clock=clock)
        return MailState.DROPPED

    def send(claimed: Attempt) -> None:
        mailer.send(messages.payment_refused(claimed, invoice.label, town=town, link=link), tag=claimed.reference)

    return mail_once(attempt, REFUSAL, send=send, payments=till.payments, clock=clock)


def _holder(account: Account | None, attempt: Attempt) -> str:
    return account.holder.full_name if account else attempt.username
