"""Bring each invoice of a batch to its family: by mail, on paper or not at all, as account and settings say."""

import secrets
import time
from collections.abc import Sequence

from chalicelib.concurrency import in_batches, side_by_side
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Delivery, Outcome, delivery_of, way_of
from chalicelib.domain.invoice import Invoice
from chalicelib.errors import NotFound
from chalicelib.formats import day_in_paris
from chalicelib.mail.message import Message
from chalicelib.mail.messages import invoice_message
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.pdf_bundle import unpacked
from chalicelib.services.mailing.plan import pairs_of
from chalicelib.services.mailing.send_once import Sender, settle_lost
from chalicelib.services.mailing.send_rate import Pace, Wait

Papers = dict[str, memoryview]


def deliver_batch(run: str, batch: str, *, context: MailingContext, wait: Wait = time.sleep) -> int:
    """Give each invoice of the batch its outcome; one that has one keeps it. Safe to repeat.

    Answers how many have one now. Raises MailThrottled when the provider takes no more: the rest waits. Unavailable.
    """
    pace = Pace(context.policy.rate_of_each, wait=wait)
    sender = Sender(context, owner=secrets.token_hex(8), pace=pace)
    papers = unpacked(context.stores.pdf_bundles.read(run, s3_names.pack(batch)))
    settled = 0
    for some in in_batches(pairs_of(run, batch, context=context)):
        delivered = _Hundred(run, context, sender, papers).deliver(some)
        settled += sum(one.outcome is not Outcome.CLAIMED for one in delivered)
    return settled


class _Hundred:
    """What is read in one round trip is delivered together."""

    def __init__(self, run: str, context: MailingContext, sender: Sender, papers: Papers) -> None:
        self._run, self._context, self._sender, self._papers = run, context, sender, papers

    def deliver(self, pairs: Sequence[tuple[str, str]]) -> list[Delivery]:
        """What its family cannot see yet waits for another execution."""
        found = self._context.stores.invoices.find_many(pairs).values()
        accounts = self._context.stores.accounts.find_many(sorted({username for username, _ in pairs}))
        mine = [(one, accounts.get(one.username)) for one in found if one.run == self._run and one.visible]
        return side_by_side(lambda pair: self._one(*pair), mine)

    def _one(self, invoice: Invoice, account: Account | None) -> Delivery:
        outcome, reason = self._way(invoice, account)
        now = self._context.clock()
        postcode = account.as_of(day_in_paris(now)).address.postcode if account else ""
        wanted = delivery_of(self._run, invoice, outcome, now, reason=reason, postcode=postcode)
        if outcome is Outcome.SENT and account and account.email:
            addressed = wanted.model_copy(update={"email": account.email})
            return self._sender.send(addressed, lambda: self._message(invoice, account))
        return settle_lost(self._context.stores.deliveries.put_first(wanted), self._context)

    def _way(self, invoice: Invoice, account: Account | None) -> tuple[Outcome, str]:
        if account is None:
            return Outcome.FAILED, "no-account"
        if invoice.number not in self._papers:
            return Outcome.FAILED, "drawing"
        return way_of(invoice, account, kept=self._context.policy.kept)

    def _message(self, invoice: Invoice, account: Account) -> Message:
        context, paper = self._context, self._papers.get(invoice.number)
        if paper is None or not account.email:
            raise NotFound
        return invoice_message(
            invoice,
            account.email,
            town=context.town,
            link=context.link,
            paper_link=context.paper_link(account),
            document=paper,
        )
