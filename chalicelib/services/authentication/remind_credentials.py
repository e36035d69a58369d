"""*Identifiant ou mot de passe oublié ?*: mail a password-reset link for each account of an e-mail address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.ticket import LINK_LIFETIME, RESET_LINK
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Message
from chalicelib.mail.messages import Link, your_credentials
from chalicelib.services.authentication.counts import reminder_count
from chalicelib.services.authentication.hashing import keyed_hash, new_token
from chalicelib.services.authentication.password_links import create_link
from chalicelib.store.accounts import AccountStore
from chalicelib.store.attempts import AttemptStore, CountingRule
from chalicelib.store.tickets import TicketStore
from chalicelib.stores import Stores
from chalicelib.tasks import Tasks

MAIL = "your_credentials"

MOST_MAILS = 3
AN_HOUR = CountingRule(lasts=timedelta(hours=1), sliding=True)
"""A sliding window from the last mail: no hour, wherever it begins, has more than three."""


@dataclass(frozen=True)
class ReminderRequest:
    """A visitor's request: the address typed, a random identifier, and the UTC instant."""

    email: str
    request_id: str
    asked_at: datetime

    @property
    def ends_at(self) -> datetime:
        """Returns the UTC instant at which its links expire."""
        return self.asked_at + LINK_LIFETIME


def ask_for_credentials(email: str, *, tasks: Tasks, clock: Clock) -> None:
    """Start the task that mails them. Nothing is looked up here: timing tells nothing. Raises Unavailable."""
    tasks.start("notify", {"mail": MAIL, "email": email, "request": new_token(), "at": clock().isoformat()})


def read_reminder_request(event: dict[str, Any]) -> ReminderRequest:
    """Returns the request that `ask_for_credentials` put in the task's event."""
    return ReminderRequest(event["email"], event["request"], datetime.fromisoformat(event["at"]))


def remind_credentials(
    request: ReminderRequest,
    *,
    key: bytes,
    stores: Stores,
    clock: Clock,
) -> list[tuple[Account, str]]:
    """Returns each account of the address with the token of its new one-time link; empty when there is nothing to mail.

    That is: an address of no account or that bounces, three mails in an hour already, or a request that waited too
    long. The same request creates the same links with the same `key`: a task run twice invalidates no link it mailed.
    """
    known = accounts_of_email(request.email, accounts=stores.accounts) if clock() < request.ends_at else []
    count = reminder_count(request.email)
    if not known or stores.attempts.reserve(count, now=clock(), below=MOST_MAILS, rule=AN_HOUR) is None:
        return []
    return [(account, create_reset_link(account, request, key=key, tickets=stores.tickets)) for account in known]


def reminder_mails(
    request: ReminderRequest, links: Sequence[tuple[Account, str]], *, town: Town, link: Link, now: datetime
) -> list[Message]:
    """Returns the mail with the path of each account's link, and one to each address that an account left a moment ago.

    Whoever took an account by its e-mail address would choose a password next: the address before gets the same link.
    """
    recipients = {request.email: list(links)}
    for account, path in links:
        for email in account.former_emails(now):
            recipients.setdefault(email, []).append((account, path))
    return [
        your_credentials(to, town=town, link=link, links=theirs, ends_at=request.ends_at)
        for to, theirs in recipients.items()
    ]


def release_reminder(request: ReminderRequest, *, attempts: AttemptStore) -> None:
    """Do not count a mail that could not be sent: the task will be retried."""
    attempts.release(reminder_count(request.email))


def accounts_of_email(email: str, *, accounts: AccountStore) -> list[Account]:
    """Returns the accounts of an address that does not bounce, read by key: the index is eventually consistent."""
    found = accounts.find_many(accounts.by_email(email))
    return [account for account in found.values() if account.email == email and account.email_bounced_at is None]


def create_reset_link(account: Account, request: ReminderRequest, *, key: bytes, tickets: TicketStore) -> str:
    secret = keyed_hash(key, "link", account.username, request.request_id)
    return create_link(account, secret, kind=RESET_LINK, ends_at=request.ends_at, tickets=tickets)
