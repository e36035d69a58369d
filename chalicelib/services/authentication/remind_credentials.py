"""*Identifiant ou mot de passe oublié ?*: who is known under an address, and one link for each of its accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.ticket import LINK_LASTS, RESET_LINK
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Message
from chalicelib.mail.messages import Link, your_credentials
from chalicelib.services.authentication.hashing import keyed, new_token
from chalicelib.services.authentication.password_links import draw_link
from chalicelib.services.authentication.sign_in import reminder_count
from chalicelib.store.accounts import AccountStore
from chalicelib.store.attempts import AttemptStore, Rule
from chalicelib.store.tickets import TicketStore
from chalicelib.stores import Stores
from chalicelib.tasks import Tasks

MAIL = "your_credentials"

MOST_MAILS = 3
AN_HOUR = Rule(lasts=timedelta(hours=1), sliding=True)
"""Counted from the last mail: no hour, wherever it begins, holds more than three."""


@dataclass(frozen=True)
class Reminder:
    """What a visitor asked: the address typed, when, and a random name for the request."""

    email: str
    request: str
    asked_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When its links die."""
        return self.asked_at + LINK_LASTS


def ask_for_credentials(email: str, *, tasks: Tasks, clock: Clock) -> None:
    """Have them mailed soon, if the address is anybody's; nothing is looked up here. Raises Unavailable."""
    tasks.start("notify", {"mail": MAIL, "email": email, "request": new_token(), "at": clock().isoformat()})


def asked_for(event: dict[str, Any]) -> Reminder:
    """What `ask_for_credentials` handed over."""
    return Reminder(event["email"], event["request"], datetime.fromisoformat(event["at"]))


def remind_credentials(
    asked: Reminder,
    *,
    key: bytes,
    stores: Stores,
    clock: Clock,
) -> list[tuple[Account, str]]:
    """Each account of the address with the token of its new one-time link; empty when there is nothing to mail.

    That is: an address nobody has or that bounces, three mails in an hour already, or a request that waited too long.
    The same request makes the same links with the same `key`: a task run twice does not kill what it mailed.
    """
    known = known_under(asked.email, accounts=stores.accounts) if clock() < asked.ends_at else []
    count = reminder_count(asked.email)
    if not known or stores.attempts.reserve(count, now=clock(), below=MOST_MAILS, rule=AN_HOUR) is None:
        return []
    return [(account, link_for(account, asked, key=key, tickets=stores.tickets)) for account in known]


def reminder(asked: Reminder, links: Sequence[tuple[Account, str]], *, town: Town, link: Link) -> Message:
    """The mail: each account with the path of its link."""
    return your_credentials(asked.email, town=town, link=link, links=links, ends_at=asked.ends_at)


def take_back(asked: Reminder, *, attempts: AttemptStore) -> None:
    """The mail could not leave: it does not count, and the task will try again."""
    attempts.release(reminder_count(asked.email))


def known_under(email: str, *, accounts: AccountStore) -> list[Account]:
    """Accounts whose address this is, read one by one: the index may lag, and it decides nothing."""
    found = accounts.find_many(accounts.by_email(email))
    return [account for account in found.values() if account.email == email and account.email_bounced_at is None]


def link_for(account: Account, asked: Reminder, *, key: bytes, tickets: TicketStore) -> str:
    secret = keyed(key, "link", account.username, asked.request)
    return draw_link(account, secret, kind=RESET_LINK, ends_at=asked.ends_at, tickets=tickets)
