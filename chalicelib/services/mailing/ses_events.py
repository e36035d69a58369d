"""What the provider says of mails after it took them: told to the outcome once, however often it is said."""

from datetime import datetime
from typing import Any

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Delivery, Feedback, Outcome, untag
from chalicelib.domain.models import Model
from chalicelib.store.account_update import amend
from chalicelib.store.deliveries import DeliveryStore
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

REMINDERS = "rappel-"
SEVERITY = {None: 0, Feedback.DELIVERED: 1, Feedback.BOUNCED: 2, Feedback.COMPLAINED: 3}
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


def apply_event(event: MailEvent, *, stores: Stores, clock: Clock) -> bool:
    """Apply an event; True when it changed something. The same one again changes nothing. Raises Unavailable."""
    found = untag(event.tag)
    delivery = stores.deliveries.find(*found) if found else None
    changed = delivery is not None and _note_on_outcome(delivery, event, stores.deliveries, clock)
    if event.stops:
        usernames = {*stores.accounts.by_email(event.email), *([delivery.username] if delivery else ())}
        for username in sorted(usernames):
            changed |= _stop(username, event, stores, clock)
    return changed


def _note_on_outcome(delivery: Delivery, event: MailEvent, deliveries: DeliveryStore, clock: Clock) -> bool:
    """Note it on the outcome, and have the invoice printed when its mail will never be read."""

    def changed(held: Delivery | None) -> tuple[bool] | None:
        if held is None:
            return (False,)
        heard = _after_event(held, event, clock())
        if _to_print(heard):
            deliveries.await_paper(heard)
        if heard == held:
            return (False,)
        return (True,) if deliveries.replace(held, heard) else None

    def again() -> tuple[bool] | None:
        return changed(deliveries.find(delivery.run, delivery.number))

    (done,) = changed(delivery) or retry(again, what="deliveries: conflicting changes")
    return done


def _after_event(delivery: Delivery, event: MailEvent, now: datetime) -> Delivery:
    """The outcome after this event: what was in doubt was sent, what came back goes on paper."""
    doubtful = delivery.outcome in (Outcome.CLAIMED, Outcome.NEEDS_REVIEW)
    heard = delivery.turned(Outcome.SENT, now, reason="") if doubtful else delivery
    if SEVERITY[event.feedback] <= SEVERITY[delivery.feedback]:
        return heard
    heard = heard.model_copy(update={"feedback": event.feedback})
    if event.feedback is Feedback.DELIVERED or delivery.run.startswith(REMINDERS):
        return heard
    return heard.turned(Outcome.PAPER, now, reason=str(event.feedback).lower())


def _to_print(heard: Delivery) -> bool:
    return heard.outcome is Outcome.PAPER and heard.feedback in (Feedback.BOUNCED, Feedback.COMPLAINED)


def _stop(username: str, event: MailEvent, stores: Stores, clock: Clock) -> bool:
    """No more mail to this address, if it is still the account's: its family reads it at its next sign-in."""
    now = clock()

    def stopped(held: Account) -> Account:
        same = held.email is not None and held.email.lower() == event.email.lower()
        return held.model_copy(update={"email_bounced_at": now}) if same and not held.email_bounced_at else held

    account = stores.accounts.find(username)
    if account is None:
        return False
    before, after = amend(account, stopped, accounts=stores.accounts)
    if before.email_bounced_at == after.email_bounced_at:
        return False
    stores.journal.note(username, "email_bounced", at=clock())
    return True
