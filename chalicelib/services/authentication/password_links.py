"""The one-time right to choose a password: a mailed link, or the browser's own once its activation code is proved.

An account has one at a time, so that a newer link ends the older. It is worthless once the account's password or
e-mail changed, whoever changed it. Reading it spends nothing: mail scanners follow links.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.ticket import ACTIVATION, LINK_LASTS, RESET_LINK, Ticket
from chalicelib.domain.town_settings import Town
from chalicelib.errors import LinkWorthless
from chalicelib.mail.message import Message
from chalicelib.mail.messages import Link, your_credentials
from chalicelib.services.authentication.hashing import digest, new_token
from chalicelib.store.tickets import TicketStore
from chalicelib.stores import Stores

TOKEN = re.compile(r"([A-Za-z0-9._-]{1,64})~([A-Za-z0-9_-]{43,64})", re.ASCII)
"""Username, which says where to look, then the secret, which alone proves anything."""


@dataclass(frozen=True)
class PasswordLink:
    """A link that was good when it was read; spending it decides."""

    account: Account
    ticket: Ticket


def draw_link(
    account: Account, secret: str, *, kind: str, browser: str = "", ends_at: datetime, tickets: TicketStore
) -> str:
    """Give the account a new link of this secret, ending the one before; answers its token for `?jeton=`.

    A link of kind ACTIVATION is good for one `browser` only (what its cookie holds). Safe to repeat.
    """
    holder = holder_of(secret, kind, browser)
    ticket = Ticket(kind=kind, holder=holder, payload={"state": state_of(account)}, ends_at=ends_at)
    tickets.put(place_of(account.username), ticket)
    return f"{account.username}~{secret}"


def link_path(token: str) -> str:
    """Returns the path of the page that a one-time link leads to."""
    return f"/nouveau-mot-de-passe?jeton={token}"


def read_link(token: str, *, browser: str, stores: Stores, clock: Clock) -> PasswordLink:
    """The link of a token, not spent. Raises LinkWorthless."""
    found = TOKEN.fullmatch(token)
    ticket = stores.tickets.find(place_of(found[1]), clock()) if found else None
    if not found or not ticket or ticket.holder != holder_of(found[2], ticket.kind, browser):
        raise LinkWorthless
    account = stores.accounts.find(found[1])
    if account is None or not still_as_drawn(account, ticket):
        raise LinkWorthless
    return PasswordLink(account, ticket)


def spend_link(link: PasswordLink, *, tickets: TicketStore, clock: Clock) -> None:
    """Use the link up; of fifty at once one succeeds. Raises LinkWorthless."""
    ticket = link.ticket
    place = place_of(link.account.username)
    if tickets.spend(place, kind=ticket.kind, holder=ticket.holder, now=clock()) is None:
        raise LinkWorthless


def still_as_drawn(account: Account, ticket: Ticket) -> bool:
    """Neither the account's password nor its e-mail changed since the link was drawn."""
    return ticket.kind in (RESET_LINK, ACTIVATION) and ticket.payload.get("state") == state_of(account)


def state_of(account: Account) -> str:
    return digest(f"{account.password_set_at}~{account.email}")


def place_of(username: str) -> str:
    """Where an account's only link is kept."""
    return digest(f"{RESET_LINK}~{username}")


def holder_of(secret: str, kind: str, browser: str) -> str:
    return digest(f"{secret}~{browser}") if kind == ACTIVATION else digest(secret)


def invite(account: Account, to: str, *, town: Town, link: Link, tickets: TicketStore, clock: Clock) -> Message:
    """The mail « Vos identifiants » with a link good once, for 30 minutes; older links of the account die."""
    ends_at = clock() + LINK_LASTS
    token = draw_link(account, new_token(), kind=RESET_LINK, ends_at=ends_at, tickets=tickets)
    path = f"/nouveau-mot-de-passe?jeton={token}"
    return your_credentials(to, town=town, link=link, links=[(account, path)], ends_at=ends_at)
