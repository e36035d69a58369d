"""« Ce n'est pas moi »: the link that undoes a change of e-mail address, mailed to the address that it replaces.

It is signed for the account, the address that it is mailed to and the one that takes its place, and names neither. It
works for 72 hours, signed out, whoever signed in or changed the password meanwhile; another change of address, which is
announced by a link of its own, makes it worthless.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.clock import Clock
from chalicelib.domain.account import FORMER_EMAIL_LASTS, Account
from chalicelib.domain.account_mail import EmailUndone
from chalicelib.domain.ticket import LINK_LIFETIME, RESET_LINK
from chalicelib.errors import LinkWorthless
from chalicelib.services.authentication.hashing import digest, is_keyed_hash, keyed_hash, new_token
from chalicelib.services.authentication.password_links import create_link
from chalicelib.services.authentication.sessions import update_ending_sessions
from chalicelib.store.account_update import with_parent_changes
from chalicelib.store.accounts import AccountStore
from chalicelib.stores import Stores

PURPOSE = "ce-n-est-pas-moi"
TOKEN = re.compile(r"([A-Za-z0-9._-]{1,64})~(\d{1,11})~([0-9a-f]{64})", re.ASCII)
"""Username, end of the link (seconds since 1970, UTC), signature."""


@dataclass(frozen=True)
class UndoLink:
    """What a token says; only `kept_email` knows whether it was signed by us, and for what."""

    token: str
    username: str
    ends: str
    signed: str

    @property
    def mark(self) -> str:
        return digest(self.token)

    def is_for(self, mailed_to: str, instead: str, keys: Sequence[bytes]) -> bool:
        return is_keyed_hash(self.signed, keys, PURPOSE, self.username, mailed_to, instead, self.ends)


def undo_path(username: str, mailed_to: str, instead: str | None, *, key: bytes, now: datetime) -> str:
    """Returns the path of the link mailed to an address, for when another takes its place, or none does."""
    ends = str(int((now + FORMER_EMAIL_LASTS).timestamp()))
    signed = keyed_hash(key, PURPOSE, username, mailed_to, instead or "", ends)
    return f"/{PURPOSE}?jeton={username}~{ends}~{signed}"


def read_undo_link(
    token: str, *, keys: Sequence[bytes], accounts: AccountStore, clock: Clock
) -> tuple[UndoLink, Account]:
    """Returns the link, and the account whose change it undoes or undid already. Raises LinkWorthless."""
    parts = TOKEN.fullmatch(token)
    link = UndoLink(token, *parts.groups()) if parts else None
    account = accounts.find(link.username) if link and clock().timestamp() < int(link.ends) else None
    if link is None or account is None:
        raise LinkWorthless
    kept_email(account, link, keys=keys, now=clock())
    return link, account


def kept_email(account: Account, link: UndoLink, *, keys: Sequence[bytes], now: datetime) -> str:
    """Returns the address that the link was mailed to, which stays or comes back. Raises LinkWorthless."""
    if account.email and account.email_undone == link.mark:
        return account.email
    for mailed_to, instead in _replaced(account, now):
        if link.is_for(mailed_to, instead, keys):
            return mailed_to
    raise LinkWorthless


def _replaced(account: Account, now: datetime) -> Iterator[tuple[str, str]]:
    """Yields each address that may come back, with the one, or "", that is asked for or used in its place."""
    if account.email and account.email_pending:
        yield account.email, account.email_pending
    for email in account.former_emails(now):
        yield email, account.email or ""


def undo_email_change(token: str, *, keys: Sequence[bytes], stores: Stores, clock: Clock) -> EmailUndone:
    """Drop the address that awaits its confirmation, or put back the one before; end every session of the account.

    Returns the mail to that address, alone, with a link to choose a password. Safe to repeat. Raises LinkWorthless.
    """
    link, account = read_undo_link(token, keys=keys, accounts=stores.accounts, clock=clock)
    now = clock()

    def change(current: Account) -> Account:
        email = kept_email(current, link, keys=keys, now=now)
        undone = current if current.email == email else _with_email_back(current, email, now)
        return undone.without_pending_email().model_copy(update={"email_undone": link.mark})

    _, after = update_ending_sessions(account, change, stores=stores)
    ends_at, to = now + LINK_LIFETIME, after.email or ""
    chooses = create_link(after, new_token(), kind=RESET_LINK, ends_at=ends_at, tickets=stores.tickets)
    return EmailUndone(to=to, username=after.username, at=now, token=chooses, ends_at=ends_at)


def _with_email_back(account: Account, email: str, now: datetime) -> Account:
    left = account.leaving_email(email, now).left_emails
    back = with_parent_changes(account, now, email=email)
    return back.model_copy(update={"left_emails": left, "email_bounced_at": None})
