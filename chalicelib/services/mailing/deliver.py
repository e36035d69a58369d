"""Deliver each invoice of a batch: by e-mail, on paper or on the portal only, by account and settings."""

import secrets
import time
from collections.abc import Sequence

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Delivery, Outcome, delivery_of, planned_outcome
from chalicelib.domain.invoice import Invoice
from chalicelib.errors import NotFound
from chalicelib.formats import day_in_paris
from chalicelib.mail.message import Message
from chalicelib.mail.messages import invoice_message
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.pdf_bundle import unbundle
from chalicelib.services.mailing.plan import pairs_of
from chalicelib.services.mailing.send_once import Sender, review_if_expired
from chalicelib.services.mailing.send_rate import SendRate, Wait

Pdfs = dict[str, memoryview]
"""PDFs by invoice number."""


def deliver_batch(run: str, batch: str, *, context: MailingContext, late: bool = False, wait: Wait = time.sleep) -> int:
    """Deliver each invoice of the batch that has no outcome. Safe to repeat.

    `late`: the run's paper batch is made already; the outcome says so at once, and its paper is queued afterwards.
    Returns how many have an outcome now. Raises MailThrottled when SES throttles: the rest waits. Unavailable.
    """
    send_rate = SendRate(context.policy.rate_of_each, wait=wait)
    sender = Sender(context, owner=secrets.token_hex(8), rate=send_rate)
    pdfs = unbundle(context.stores.pdf_bundles.read(run, s3_names.bundle(batch)))
    settled = 0
    for some in in_batches(pairs_of(run, batch, context=context)):
        delivered = _BatchDelivery(run, context, sender, pdfs, late=late).deliver(some)
        settled += sum(one.outcome is not Outcome.CLAIMED for one in delivered)
    return settled


class _BatchDelivery:
    """Delivers the invoices read in one round trip."""

    def __init__(self, run: str, context: MailingContext, sender: Sender, pdfs: Pdfs, *, late: bool) -> None:
        self._run, self._context, self._sender, self._pdfs, self._late = run, context, sender, pdfs, late

    def deliver(self, pairs: Sequence[tuple[str, str]]) -> list[Delivery]:
        """Returns the outcomes; an invoice that is not visible yet waits for another execution."""
        found = self._context.stores.invoices.find_many(pairs).values()
        accounts = self._context.stores.accounts.find_many(sorted({username for username, _ in pairs}))
        visible = [(one, accounts.get(one.username)) for one in found if one.run == self._run and one.visible]
        return in_threads(lambda pair: self._one(*pair), visible)

    def _one(self, invoice: Invoice, account: Account | None) -> Delivery:
        outcome, reason = self._way(invoice, account)
        now = self._context.clock()
        postcode = account.as_of(day_in_paris(now)).address.postcode if account else ""
        more = {"reason": reason, "postcode": postcode, "late_since": now if self._late else None}
        wanted = delivery_of(self._run, invoice, outcome, now, **more)
        if outcome is Outcome.SENT and account and account.email:
            addressed = wanted.model_copy(update={"email": account.email})
            return self._sender.send(addressed, lambda: self._message(invoice, account))
        return review_if_expired(self._context.stores.deliveries.put_first(wanted), self._context)

    def _way(self, invoice: Invoice, account: Account | None) -> tuple[Outcome, str]:
        if account is None:
            return Outcome.FAILED, "no-account"
        if invoice.number not in self._pdfs:
            return Outcome.FAILED, "drawing"
        return planned_outcome(invoice, account, portal_only=self._context.policy.portal_only)

    def _message(self, invoice: Invoice, account: Account) -> Message:
        context, pdf = self._context, self._pdfs.get(invoice.number)
        if pdf is None or not account.email:
            raise NotFound
        return invoice_message(
            invoice,
            account.email,
            town=context.town,
            link=context.link,
            paper_link=context.paper_link(account),
            payment_link=context.payment_link(invoice),
            document=pdf,
        )
