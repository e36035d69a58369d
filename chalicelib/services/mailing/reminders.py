"""Reminders (*rappels*) of unpaid invoices by mail, before and after the due date as the settings say.

An invoice gets each reminder once, however often the schedule runs: its claim is stored under the reminder's name.
"""

import secrets
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Delivery, Outcome
from chalicelib.domain.invoice import Invoice, InvoiceSummary
from chalicelib.formats import day_in_paris
from chalicelib.mail.message import Message
from chalicelib.mail.messages import reminder_message
from chalicelib.services.mailing.context import MailingContext, Policy
from chalicelib.services.mailing.plan import pairs_of, plan_facts, write_batches
from chalicelib.services.mailing.send_once import Sender
from chalicelib.services.mailing.send_rate import SendRate, Wait


def reminder_of(due_on: date, today: date, policy: Policy) -> int | None:
    """Returns which reminder (days from the due date) an unpaid invoice gets today; None for none.

    A missed one is sent within `policy.reminder_days`; of two due at once, the later.
    """
    for offset in sorted(policy.reminders, reverse=True):
        late = (today - (due_on + timedelta(days=offset))).days
        if 0 <= late <= policy.reminder_days and (offset >= 0 or today <= due_on):
            return offset
    return None


def reminder_run(offset: int) -> str:
    """Returns the name under which a reminder's claims are stored: « rappel-avant-5 », « rappel-apres-10 »."""
    return f"rappel-avant-{-offset}" if offset < 0 else f"rappel-apres-{offset}"


def plan_reminders(name: str, *, context: MailingContext) -> dict[str, Any]:
    """Write the batches of today's reminders, in O(1) memory. Returns the workflow's state. Raises Unavailable."""
    count, batches = write_batches(name, _candidates(context), context=context)
    return plan_facts(name, count, batches, context)


def _candidates(context: MailingContext) -> Iterator[tuple[str, str]]:
    today = day_in_paris(context.clock())
    for username, rows in context.stores.summaries.every():
        yield from ((username, row.number) for row in rows if wanted_on(today, row, context.policy) is not None)


def wanted_on(day: date, row: InvoiceSummary, policy: Policy) -> int | None:
    """Returns which reminder an invoice of a list gets on a day; None for none."""
    return reminder_of(row.due_on, day, policy) if row.payable_online else None


def remind_batch(name: str, batch: str, *, context: MailingContext, wait: Wait = time.sleep) -> int:
    """Send the reminders of a batch. Returns how many were sent. Safe to repeat.

    Raises MailThrottled when SES throttles, Unavailable.
    """
    sender = Sender(context, owner=secrets.token_hex(8), rate=SendRate(context.policy.rate_of_each, wait=wait))
    sent = 0
    for pairs in in_batches(pairs_of(name, batch, context=context)):
        sent += _remind(pairs, context, sender)
    return sent


def _remind(pairs: Sequence[tuple[str, str]], context: MailingContext, sender: Sender) -> int:
    """Send the reminders, except of invoices paid, cancelled or moved to paper since the batch was planned."""
    today = day_in_paris(context.clock())
    accounts = context.stores.accounts.find_many(sorted({username for username, _ in pairs}))

    def one(invoice: Invoice) -> bool:
        account, offset = accounts.get(invoice.username), reminder_of(invoice.due_on, today, context.policy)
        if account is None or offset is None or not invoice.summary.payable_online:
            return False
        if not account.gets_email or account.reminders_held(today):
            return False
        return _send(invoice, account, offset, context, sender).outcome is Outcome.SENT

    found = context.stores.invoices.find_many(pairs).values()
    return sum(in_threads(one, [invoice for invoice in found if invoice.balance_cents > 0]))


def _send(invoice: Invoice, account: Account, offset: int, context: MailingContext, sender: Sender) -> Delivery:
    email = account.email or ""

    def message() -> Message:
        late = day_in_paris(context.clock()) > invoice.due_on
        links = {"paper_link": context.paper_link(account), "payment_link": context.payment_link(invoice)}
        return reminder_message(invoice, email, town=context.town, link=context.link, late=late, **links)

    wanted = Delivery(
        run=reminder_run(offset),
        number=invoice.number,
        username=invoice.username,
        cents=invoice.balance_cents,
        outcome=Outcome.SENT,
        at=context.clock(),
        email=email,
    )
    return sender.send(wanted, message)
