"""One-time links to set a password: mailed (password reset), or given to a browser for its activation code.

An account has one at a time: a newer link invalidates the older. A link becomes invalid once the account's password or
e-mail changed. Reading it does not use it up: mail scanners follow links.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.ticket import ACTIVATION, LINK_LIFETIME, RESET_LINK, Ticket
from chalicelib.domain.town_settings import Town
from chalicelib.errors import LinkWorthless
from chalicelib.mail.message import Message
from chalicelib.mail.messages import Link, your_credentials
from chalicelib.services.authentication.hashing import digest, new_token
from chalicelib.store.tickets import TicketStore
from chalicelib.stores import Stores

TOKEN = re.compile(r"([A-Za-z0-9._-]{1,64})~([A-Za-z0-9_-]{43,64})", re.ASCII)
"""Username, which locates the ticket, then the secret, which alone authenticates."""


@dataclass(frozen=True)
class PasswordLink:
    """A link that was valid when it was read; the write of the password decides, and makes it worthless."""

    account: Account
    ticket: Ticket


def create_link(
    account: Account, secret: str, *, kind: str, browser: str = "", ends_at: datetime, tickets: TicketStore
) -> str:
    """Create the account's link from this secret, replacing the one before. Returns its token for `?jeton=`.

    A link of kind ACTIVATION is valid in one `browser` only (its cookie's value). Safe to repeat.
    """
    holder = link_holder(secret, kind, browser)
    ticket = Ticket(kind=kind, holder=holder, payload={"state": account_state(account)}, ends_at=ends_at)
    tickets.put(ticket_key(account.username), ticket)
    return f"{account.username}~{secret}"


def link_path(token: str) -> str:
    """Returns the path of the page that a one-time link leads to."""
    return f"/nouveau-mot-de-passe?jeton={token}"


def reset_link_mail(
    account: Account, to: str, *, town: Town, link: Link, tickets: TicketStore, clock: Clock
) -> Message:
    """Returns the mail « Vos identifiants » with a new one-time link, valid for 30 minutes; it replaces older links."""
    ends_at = clock() + LINK_LIFETIME
    token = create_link(account, new_token(), kind=RESET_LINK, ends_at=ends_at, tickets=tickets)
    return your_credentials(to, town=town, link=link, links=[(account, link_path(token))], ends_at=ends_at)


def read_link(token: str, *, browser: str, stores: Stores, clock: Clock) -> PasswordLink:
    """Returns the link of a token, without using it up. Raises LinkWorthless."""
    parts = TOKEN.fullmatch(token)
    ticket = stores.tickets.find(ticket_key(parts[1]), clock()) if parts else None
    if not parts or not ticket or ticket.holder != link_holder(parts[2], ticket.kind, browser):
        raise LinkWorthless
    account = stores.accounts.find(parts[1])
    if account is None or not still_valid(account, ticket):
        raise LinkWorthless
    return PasswordLink(account, ticket)


def spend_link(link: PasswordLink, *, tickets: TicketStore, clock: Clock) -> None:
    """Remove the link: of concurrent calls one succeeds. Raises LinkWorthless."""
    ticket = link.ticket
    key = ticket_key(link.account.username)
    if tickets.spend(key, kind=ticket.kind, holder=ticket.holder, now=clock()) is None:
        raise LinkWorthless


def still_valid(account: Account, ticket: Ticket) -> bool:
    """Returns whether neither the account's password nor its e-mail changed since the link was created."""
    return ticket.kind in (RESET_LINK, ACTIVATION) and ticket.payload.get("state") == account_state(account)


def account_state(account: Account) -> str:
    return digest(f"{account.password_set_at}~{account.email}")


def ticket_key(username: str) -> str:
    """Returns the key of an account's only link."""
    return digest(f"{RESET_LINK}~{username}")


def link_holder(secret: str, kind: str, browser: str) -> str:
    return digest(f"{secret}~{browser}") if kind == ACTIVATION else digest(secret)
