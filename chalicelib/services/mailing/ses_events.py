"""What the provider says of mails after it took them: told to the outcome once, however often it is said."""

from datetime import datetime
from typing import Any

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Delivery, Feedback, Outcome, untag
from chalicelib.domain.models import Model
from chalicelib.services.account.journal import note
from chalicelib.store.account_update import amend
from chalicelib.store.accounts import AccountStore
from chalicelib.store.deliveries import DeliveryStore
from chalicelib.store.journal import JournalStore

ROUNDS = 5
REMINDERS = "rappel-"
GRAVITY = {None: 0, Feedback.DELIVERED: 1, Feedback.BOUNCED: 2, Feedback.COMPLAINED: 3}
"""Events come in any order: what stops the mail is not forgotten for a delivery told late."""


UNDELIVERED = {"MailboxFull", "MessageTooLarge", "ContentRejected", "AttachmentRejected"}
"""Transient bounces that SES tells of once it has given up: the mail was not read, and the address may be right. The
others may be an automatic answer to a mail that arrived."""


class MailEvent(Model):
    """One event of the provider about one mail to one address. `stops`: no more mail is to go to that address."""

    email: str
    feedback: Feedback | None
    tag: str = ""
    stops: bool = False


def read_event(event: dict[str, Any]) -> list[MailEvent]:
    """What an SES event means; « Send » proves an acceptance; an open, an automatic answer… mean nothing."""
    kind = event.get("eventType") or event.get("notificationType")
    mail, bounce = event.get("mail", {}), event.get("bounce", {})
    tag = next(iter(mail.get("tags", {}).get("reference", ())), "")
    if kind == "Reject" or (kind == "Bounce" and bounce.get("bounceSubType") in UNDELIVERED):
        return [MailEvent(email=to, feedback=Feedback.BOUNCED, tag=tag) for to in mail.get("destination", ())]
    if kind == "Bounce" and bounce["bounceType"] == "Permanent":
        told, feedback = bounce["bouncedRecipients"], Feedback.BOUNCED
    elif kind == "Complaint":
        told, feedback = event["complaint"]["complainedRecipients"], Feedback.COMPLAINED
    elif kind in ("Send", "Delivery"):
        accepted = Feedback.DELIVERED if kind == "Delivery" else None
        return [MailEvent(email=to, feedback=accepted, tag=tag) for to in mail.get("destination", ())]
    else:
        return []
    return [MailEvent(email=one["emailAddress"], feedback=feedback, tag=tag, stops=True) for one in told]


def hear(
    event: MailEvent, *, deliveries: DeliveryStore, accounts: AccountStore, journal: JournalStore, clock: Clock
) -> bool:
    """Apply an event; True when it changed something. The same one again changes nothing. Raises Unavailable."""
    found = untag(event.tag)
    delivery = deliveries.find(*found) if found else None
    changed = bool(delivery) and _tell(delivery, event, deliveries, clock)
    if event.stops:
        usernames = {*accounts.by_email(event.email), *([delivery.username] if delivery else ())}
        for username in sorted(usernames):
            changed |= _stop(username, event, accounts, journal, clock)
    return changed


def _tell(delivery: Delivery | None, event: MailEvent, deliveries: DeliveryStore, clock: Clock) -> bool:
    """Note it on the outcome, and have the invoice printed when its mail will never be read."""
    for _ in range(ROUNDS):
        if delivery is None:
            return False
        heard = _heard(delivery, event, clock())
        if _to_print(heard):
            deliveries.await_paper(heard)
        if heard == delivery:
            return False
        if deliveries.replace(delivery, heard):
            return True
        delivery = deliveries.find(delivery.run, delivery.number)
    return False


def _heard(delivery: Delivery, event: MailEvent, now: datetime) -> Delivery:
    """The outcome after this event: what was in doubt was sent, what came back goes on paper."""
    doubtful = delivery.outcome in (Outcome.CLAIMED, Outcome.TO_VERIFY)
    heard = delivery.turned(Outcome.SENT, now, reason="") if doubtful else delivery
    if GRAVITY[event.feedback] <= GRAVITY[delivery.feedback]:
        return heard
    heard = heard.model_copy(update={"feedback": event.feedback})
    if event.feedback is Feedback.DELIVERED or delivery.run.startswith(REMINDERS):
        return heard
    return heard.turned(Outcome.PAPER, now, reason=str(event.feedback).lower())


def _to_print(heard: Delivery) -> bool:
    return heard.outcome is Outcome.PAPER and heard.feedback in (Feedback.BOUNCED, Feedback.COMPLAINED)


def _stop(username: str, event: MailEvent, accounts: AccountStore, journal: JournalStore, clock: Clock) -> bool:
    """No more mail to this address, if it is still the account's: its family reads it at its next sign-in."""
    now = clock()

    def stopped(held: Account) -> Account:
        same = held.email is not None and held.email.lower() == event.email.lower()
        return held.model_copy(update={"email_bounced_at": now}) if same and not held.email_bounced_at else held

    account = accounts.find(username)
    if account is None:
        return False
    before, after = amend(account, stopped, accounts=accounts)
    if before.email_bounced_at == after.email_bounced_at:
        return False
    note(username, "email_bounced", journal=journal, clock=clock)
    return True
