"""SES events (delivery, bounce, complaint) applied to the outcomes of invoices, idempotently."""

from datetime import datetime
from typing import Any

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Delivery, Feedback, Outcome, parse_mail_tag
from chalicelib.domain.models import Model
from chalicelib.store.account_update import update_account
from chalicelib.store.deliveries import DeliveryStore
from chalicelib.store.retry import retry
from chalicelib.stores import Stores

REMINDERS = "rappel-"
NOT_SPAM = "not-spam"
"""The kind of a complaint by which a recipient says that a mail was wrongly taken for spam: it stops nothing."""

SEVERITY = {None: 0, Feedback.DELIVERED: 1, Feedback.BOUNCED: 2, Feedback.COMPLAINED: 3}
"""Events arrive in any order: a late delivery event does not replace a bounce or a complaint."""

UNDELIVERED = {"MailboxFull", "MessageTooLarge", "ContentRejected", "AttachmentRejected"}
"""Transient bounces that SES reports once it has given up: the mail was not delivered, the address may be right. The
others may be an automatic reply to a mail that was delivered."""


class MailEvent(Model):
    """One SES event about one mail to one address. `stops`: no more mail may be sent to that address."""

    email: str
    feedback: Feedback | None
    tag: str = ""
    stops: bool = False


def read_event(event: dict[str, Any]) -> list[MailEvent]:
    """Returns the events of an SES notification, one per address; « Send » proves acceptance, opens are ignored.

    So is a complaint that says the contrary: not spam.
    """
    kind = event.get("eventType") or event.get("notificationType")
    mail, bounce = event.get("mail", {}), event.get("bounce", {})
    tag = next(iter(mail.get("tags", {}).get("reference", ())), "")
    if kind == "Reject" or (kind == "Bounce" and bounce.get("bounceSubType") in UNDELIVERED):
        return [MailEvent(email=to, feedback=Feedback.BOUNCED, tag=tag) for to in mail.get("destination", ())]
    if kind == "Bounce" and bounce["bounceType"] == "Permanent":
        recipients, feedback = bounce["bouncedRecipients"], Feedback.BOUNCED
    elif kind == "Complaint" and event["complaint"].get("complaintFeedbackType") != NOT_SPAM:
        recipients, feedback = event["complaint"]["complainedRecipients"], Feedback.COMPLAINED
    elif kind in ("Send", "Delivery"):
        accepted = Feedback.DELIVERED if kind == "Delivery" else None
        return [MailEvent(email=to, feedback=accepted, tag=tag) for to in mail.get("destination", ())]
    else:
        return []
    return [MailEvent(email=one["emailAddress"], feedback=feedback, tag=tag, stops=True) for one in recipients]


def apply_event(event: MailEvent, *, stores: Stores, clock: Clock) -> bool:
    """Apply an event. Returns whether it changed something; the same one again changes nothing. Raises Unavailable."""
    found = parse_mail_tag(event.tag)
    delivery = stores.deliveries.find(*found) if found else None
    mailed = [delivery, *in_same_mail(delivery, stores.deliveries)] if delivery else []
    noted = [_note_on_outcome(one, event, stores.deliveries, clock) for one in mailed]
    changed = any(noted)
    if event.stops:
        usernames = {*stores.accounts.by_email(event.email), *([delivery.username] if delivery else ())}
        for username in sorted(usernames):
            changed |= _stop(username, event, stores, clock)
    return changed


def in_same_mail(delivery: Delivery, deliveries: DeliveryStore) -> list[Delivery]:
    """Returns the other invoices of the mail: what happens to it happens to them."""
    others = [number for number in delivery.together if number != delivery.number]
    found = deliveries.find_many(delivery.run, others).values() if others else ()
    return [one for one in found if one.same_mail(delivery)]


def _note_on_outcome(delivery: Delivery, event: MailEvent, deliveries: DeliveryStore, clock: Clock) -> bool:
    """Write the event to the outcome, and queue the invoice for printing when its mail was not delivered."""

    def changed(current: Delivery | None) -> tuple[bool] | None:
        if current is None:
            return (False,)
        updated = _after_event(current, event, clock())
        if _to_print(updated):
            deliveries.await_paper(updated)
        if updated == current:
            return (False,)
        return (True,) if deliveries.replace(current, updated) else None

    def again() -> tuple[bool] | None:
        return changed(deliveries.find(delivery.run, delivery.number))

    (done,) = changed(delivery) or retry(again, what="deliveries: conflicting changes")
    return done


def _after_event(delivery: Delivery, event: MailEvent, now: datetime) -> Delivery:
    """Returns the outcome after this event: a claim or a doubt was sent, a bounce goes on paper.

    What the office gave up stays so.
    """
    if delivery.given_up:
        return delivery
    doubtful = delivery.outcome in (Outcome.CLAIMED, Outcome.NEEDS_REVIEW)
    updated = delivery.with_outcome(Outcome.SENT, now, reason="") if doubtful else delivery
    if SEVERITY[event.feedback] <= SEVERITY[delivery.feedback]:
        return updated
    updated = updated.model_copy(update={"feedback": event.feedback})
    if event.feedback is Feedback.DELIVERED or delivery.run.startswith(REMINDERS):
        return updated
    return updated.with_outcome(Outcome.PAPER, now, reason=str(event.feedback).lower())


def _to_print(updated: Delivery) -> bool:
    return updated.outcome is Outcome.PAPER and updated.feedback in (Feedback.BOUNCED, Feedback.COMPLAINED)


def _stop(username: str, event: MailEvent, stores: Stores, clock: Clock) -> bool:
    """Stop mail to this address if it is still the account's; its family is told at its next sign-in."""
    now = clock()

    def stopped(current: Account) -> Account:
        same = current.email is not None and current.email.lower() == event.email.lower()
        return (
            current.model_copy(update={"email_bounced_at": now}) if same and not current.email_bounced_at else current
        )

    account = stores.accounts.find(username)
    if account is None:
        return False
    before, after = update_account(account, stopped, accounts=stores.accounts)
    if before.email_bounced_at == after.email_bounced_at:
        return False
    stores.journal.note(username, "email_bounced", at=clock())
    return True
