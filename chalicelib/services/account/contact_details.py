"""*Coordonnées*: change telephones at once, and an e-mail address once its confirmation link was followed."""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.clock import Clock
from chalicelib.domain.account import Account, DeliveryMode
from chalicelib.domain.ticket import Ticket
from chalicelib.errors import LinkWorthless, Unavailable
from chalicelib.services.authentication.hashing import digest, new_token
from chalicelib.store.account_update import update_account, with_parent_changes
from chalicelib.store.accounts import AccountStore
from chalicelib.stores import Stores

logger = logging.getLogger(__name__)

EMAIL_TICKET = "courriel"
EMAIL_LINK_LASTS = timedelta(hours=24)
"""Long enough to be read in the evening. The link signs nobody in, but a stranger at a mistyped address must not be
able to follow it weeks later."""

EMAIL_LINKS_A_DAY = 5
"""So that nobody is flooded with mails from a session left open."""


class Contact(NamedTuple):
    """What the parent typed; None for what was left empty."""

    email: str | None
    mobile: str | None
    landline: str | None


class EmailLink(NamedTuple):
    """A confirmation link to mail: the address it confirms, its token, the UTC instant it expires."""

    email: str
    token: str
    ends_at: datetime


def email_to_confirm(account: Account, wanted: Contact) -> str | None:
    """Returns the wanted address when it is not the one in use: it needs a confirmation link first."""
    return wanted.email if wanted.email != account.email else None


def email_to_confirm_again(account: Account, now: datetime) -> str | None:
    """Returns the address whose link may be requested again: the pending one, or the one in use when it bounces."""
    return account.awaited_email(now) or (account.email if account.email_bounced_at else None)


def change_contact(
    account: Account, wanted: Contact, *, accounts: AccountStore, clock: Clock
) -> tuple[Account, Account]:
    """Change the telephones, and remove the address in use when none is wanted; a new address is not used yet.

    Returns the account before and after. Without an address, invoices go by paper. Raises Unavailable.
    """
    now = clock()

    def change(current: Account) -> Account:
        changed = with_parent_changes(current, now, mobile=wanted.mobile, landline=wanted.landline)
        return without_email(changed, now) if current.email and wanted.email is None else changed

    return update_account(account, change, accounts=accounts)


def without_email(account: Account, now: datetime) -> Account:
    """Returns the account without e-mail address, its invoices on paper."""
    left = with_parent_changes(account, now, email=None, delivery_mode=DeliveryMode.PAPER)
    return _marked_with(left, account.leaving_email(None, now))


def with_confirmed_email(account: Account, email: str, now: datetime) -> Account:
    """Returns the account with the address that its parent confirmed."""
    return _marked_with(with_parent_changes(account, now, email=email), account.leaving_email(email, now))


def _marked_with(marked: Account, left: Account) -> Account:
    """Returns the account with its parent's marks, the addresses that it left, and none to be confirmed or bouncing."""
    told = {"left_emails": left.left_emails, "email_bounced_at": None}
    return marked.without_pending_email().model_copy(update=told)


def await_email(account: Account, email: str, *, stores: Stores, clock: Clock) -> EmailLink:
    """Create the one-time confirmation link of this address; links to any other address become invalid."""
    link = EmailLink(email, new_token(), clock() + EMAIL_LINK_LASTS)
    pending = {"email_pending": email, "email_pending_until": link.ends_at, "email_undone": None}
    update_account(account, lambda current: current.model_copy(update=pending), accounts=stores.accounts)
    ticket = Ticket(kind=EMAIL_TICKET, holder=account.username, payload={"email": email}, ends_at=link.ends_at)
    stores.tickets.put(digest(link.token), ticket)
    return link


def read_email_link(token: str, *, stores: Stores, clock: Clock) -> tuple[Account, str]:
    """Returns the account and the address that this link confirms, without using it up.

    A link whose address is in use already is still good until it is used up: its answer may have been lost. Raises
    LinkWorthless, also once another address is pending, or none.
    """
    ticket = stores.tickets.find(digest(token), clock())
    account = stores.accounts.find(ticket.holder) if ticket and ticket.kind == EMAIL_TICKET else None
    if ticket is None or account is None:
        raise LinkWorthless
    email = ticket.payload["email"]
    if account.awaited_email(clock()) != email and not in_use(account, email):
        raise LinkWorthless
    return account, email


def in_use(account: Account, email: str) -> bool:
    """Returns whether the account uses this address, confirmed, and awaits no other."""
    return account.email == email and account.email_pending is None and account.email_bounced_at is None


class ConfirmedEmail(NamedTuple):
    """The account before and after; `announced`: another call made the change, used the link up and told of it."""

    before: Account
    after: Account
    announced: bool


def confirm_email(token: str, *, stores: Stores, clock: Clock) -> ConfirmedEmail:
    """Use the address of the link from now on, and the link up.

    Raises LinkWorthless, or Unavailable with the link still good.
    """
    account, email = read_email_link(token, stores=stores, clock=clock)
    now = clock()

    def change(current: Account) -> Account:
        if in_use(current, email):
            return current
        if current.email_pending != email:
            raise LinkWorthless
        return with_confirmed_email(current, email, now)

    before, after = update_account(account, change, accounts=stores.accounts)
    used_up = _use_up(token, account.username, stores=stores, now=now)
    return ConfirmedEmail(before, after, announced=not used_up and before == after)


def _use_up(token: str, username: str, *, stores: Stores, now: datetime) -> bool:
    """Remove the link. Returns False when another call did; True when it is not known: better told twice than never."""
    try:
        return stores.tickets.spend(digest(token), kind=EMAIL_TICKET, holder=username, now=now) is not None
    except Unavailable:
        logger.warning("link not removed", exc_info=True)
        return True
