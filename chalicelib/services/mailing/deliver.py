"""Deliver each invoice of a batch: by e-mail, on paper or on the portal only, by account and settings."""

import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from chalicelib.concurrency import in_threads
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Delivery, Outcome, delivery_of, planned_outcome
from chalicelib.domain.invoice import Invoice
from chalicelib.formats import day_in_paris
from chalicelib.mail.message import Message
from chalicelib.mail.messages import invoice_message
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.grouping import in_batches_of_accounts, in_mails
from chalicelib.services.mailing.pdf_bundle import unbundle
from chalicelib.services.mailing.plan import pairs_of
from chalicelib.services.mailing.send_once import Sender, review_if_expired
from chalicelib.services.mailing.send_rate import SendRate, Wait

READ_AT_ONCE = 100
"""References read in one round trip."""

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
    for some in in_batches_of_accounts(pairs_of(run, batch, context=context), READ_AT_ONCE):
        delivered = _BatchDelivery(run, context, sender, pdfs, late=late).deliver(some)
        settled += sum(one.outcome is not Outcome.CLAIMED for one in delivered)
    return settled


class Mailed(NamedTuple):
    """An invoice that leaves by mail: its account, and the outcome that is wanted."""

    account: Account
    invoice: Invoice
    wanted: Delivery


class _BatchDelivery:
    """Delivers the invoices read in one round trip."""

    def __init__(self, run: str, context: MailingContext, sender: Sender, pdfs: Pdfs, *, late: bool) -> None:
        self._run, self._context, self._sender, self._pdfs, self._late = run, context, sender, pdfs, late

    def deliver(self, pairs: Sequence[tuple[str, str]]) -> list[Delivery]:
        """Returns the outcomes; an invoice that is not visible yet waits for another execution."""
        found = self._context.stores.invoices.find_many(pairs).values()
        accounts = self._context.stores.accounts.find_many(sorted({username for username, _ in pairs}))
        visible = [(one, accounts.get(one.username)) for one in found if one.run == self._run and one.visible]
        alone, mailed = [], defaultdict(list)
        for invoice, account in visible:
            wanted = self._wanted(invoice, account)
            if wanted.outcome is Outcome.SENT and account and account.email:
                mailed[account.username].append(Mailed(account, invoice, wanted))
            else:
                alone.append(wanted)
        settled = in_threads(self._settle, alone)
        return settled + [one for some in in_threads(self._mail, [*self._mails(mailed.values())]) for one in some]

    def _wanted(self, invoice: Invoice, account: Account | None) -> Delivery:
        outcome, reason = self._way(invoice, account)
        now = self._context.clock()
        postcode = account.as_of(day_in_paris(now)).address.postcode if account else ""
        more = {"reason": reason, "postcode": postcode, "late_since": now if self._late else None}
        if outcome is Outcome.SENT and account and account.email:
            more["email"] = account.email
        return delivery_of(self._run, invoice, outcome, now, **more)

    def _settle(self, wanted: Delivery) -> Delivery:
        return review_if_expired(self._context.stores.deliveries.put_first(wanted), self._context)

    def _mails(self, of_accounts: Iterable[Sequence[Mailed]]) -> Iterator[list[Mailed]]:
        """Yields what leaves in each mail: the invoices of one account, the earliest due first."""
        for mine in of_accounts:
            ordered = sorted(mine, key=lambda one: (one.invoice.due_on, one.invoice.number))
            yield from in_mails([(one, len(self._pdfs[one.invoice.number])) for one in ordered])

    def _mail(self, mine: Sequence[Mailed]) -> list[Delivery]:
        invoices = {one.invoice.number: one.invoice for one in mine}
        account = mine[0].account
        return self._sender.send_together(
            [one.wanted for one in mine],
            lambda numbers: self._message([invoices[number] for number in numbers], account),
        )

    def _way(self, invoice: Invoice, account: Account | None) -> tuple[Outcome, str]:
        if account is None:
            return Outcome.FAILED, "no-account"
        if invoice.number not in self._pdfs:
            return Outcome.FAILED, "drawing"
        return planned_outcome(invoice, account, portal_only=self._context.policy.portal_only)

    def _message(self, invoices: Sequence[Invoice], account: Account) -> Message:
        context = self._context
        return invoice_message(
            invoices,
            account.email or "",
            town=context.town,
            link=context.link,
            paper_link=context.paper_link(account),
            payment_link=context.payment_link(invoices[0]),
            documents=[self._pdfs[invoice.number] for invoice in invoices],
        )
