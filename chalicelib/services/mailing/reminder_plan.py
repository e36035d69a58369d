"""The office's view of reminders (*rappels*): whom a day's would go to, which families are held back, how many went."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chalicelib.concurrency import in_batches
from chalicelib.domain.account import Account
from chalicelib.domain.invoice import InvoiceSummary
from chalicelib.services.mailing.context import Policy
from chalicelib.services.mailing.reminders import reminder_run, wanted_on
from chalicelib.store.account_update import update_account
from chalicelib.stores import Stores


@dataclass(frozen=True)
class PlannedReminder:
    """An invoice that a day's reminders are about. `sent`: that reminder left already. `why_not`: held, no-email…"""

    account: Account
    row: InvoiceSummary
    offset: int
    sent: bool
    why_not: str = ""


def planned_reminders(day: date, *, policy: Policy, stores: Stores) -> Iterator[PlannedReminder]:
    """Yields the reminders of a day: a scan of the accounts' lists, for the command only. Raises Unavailable."""
    rows = (
        (username, row, offset)
        for username, some in stores.summaries.every()
        for row in some
        if (offset := wanted_on(day, row, policy)) is not None
    )
    for batch in in_batches(rows):
        accounts = stores.accounts.find_many(sorted({username for username, _, _ in batch}))
        for username, row, offset in batch:
            if account := accounts.get(username):
                sent = stores.deliveries.find(reminder_run(offset), row.number) is not None
                yield PlannedReminder(account, row, offset, sent, why_not(account, day))


def why_not(account: Account, day: date) -> str:
    """Returns why a family gets no reminder that day (« held », « paper »…); "" when it does."""
    if account.reminders_held(day):
        return "held"
    if account.gets_email:
        return ""
    return "bouncing" if account.email_bounced_at else "paper" if account.email else "no-email"


def hold_reminders(account: Account, until: date | None, *, stores: Stores) -> Account:
    """Send this family no reminder up to a day, included; None lifts it. Returns the account. Raises Unavailable."""
    _, after = update_account(
        account,
        lambda current: current.model_copy(update={"reminders_held_until": until}),
        accounts=stores.accounts,
    )
    return after


def sent_reminders(*, policy: Policy, stores: Stores) -> dict[int, int]:
    """Returns how many reminders of each kind (days from the due date) have left so far."""
    return {offset: stores.deliveries.settled(reminder_run(offset)) for offset in sorted(policy.reminders)}
