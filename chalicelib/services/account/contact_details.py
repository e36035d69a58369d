"""*Coordonnées*: telephones change at once; an e-mail address is used only once its link was followed."""

from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.clock import Clock
from chalicelib.domain.account import Account, DeliveryMode
from chalicelib.domain.ticket import Ticket
from chalicelib.errors import LinkWorthless
from chalicelib.services.authentication.hashing import digest, new_token
from chalicelib.store.account_update import amend, by_parent
from chalicelib.store.accounts import AccountStore
from chalicelib.stores import Stores

EMAIL_TICKET = "courriel"
EMAIL_LINK_LASTS = timedelta(hours=24)
"""Long enough to be found in the evening's mail. The link opens nothing, but a stranger at a mistyped address must not
be able to follow it weeks later."""

EMAIL_LINKS_A_DAY = 5
"""Nobody's letterbox is filled from a session left open."""


class Contact(NamedTuple):
    """What the parent wants; None for what is left empty."""

    email: str | None
    mobile: str | None
    landline: str | None


class EmailLink(NamedTuple):
    """A link to mail: the address it proves, the token it carries, the UTC instant it dies."""

    email: str
    token: str
    ends_at: datetime


def email_to_prove(account: Account, wanted: Contact) -> str | None:
    """Another address than the one in use: it needs a link before it is used."""
    return wanted.email if wanted.email != account.email else None


def email_to_prove_again(account: Account, now: datetime) -> str | None:
    """The address whose link may be asked for once more: the awaited one, or the one in use when it bounces."""
    return account.awaited_email(now) or (account.email if account.email_bounced_at else None)


def change_contact(
    account: Account, wanted: Contact, *, accounts: AccountStore, clock: Clock
) -> tuple[Account, Account]:
    """Keep the telephones, and drop the address in use when none is wanted; a new address changes nothing yet.

    Answers the account before and after. Without an address, invoices go by paper. Raises Unavailable.
    """
    now = clock()

    def change(held: Account) -> Account:
        changed = by_parent(held, now, mobile=wanted.mobile, landline=wanted.landline)
        return without_email(changed, now) if held.email and wanted.email is None else changed

    return amend(account, change, accounts=accounts)


def without_email(account: Account, now: datetime) -> Account:
    """The account of a family that wants no mail any more."""
    nothing_awaited = {"email_pending": None, "email_pending_until": None, "email_bounced_at": None}
    left = by_parent(account, now, email=None, delivery_mode=DeliveryMode.PAPER)
    return left.model_copy(update=nothing_awaited)


def await_email(account: Account, email: str, *, stores: Stores, clock: Clock) -> EmailLink:
    """Wait for the family to follow a link sent to this address, once; links to any other address die."""
    link = EmailLink(email, new_token(), clock() + EMAIL_LINK_LASTS)
    awaiting = {"email_pending": email, "email_pending_until": link.ends_at}
    amend(account, lambda held: held.model_copy(update=awaiting), accounts=stores.accounts)
    ticket = Ticket(kind=EMAIL_TICKET, holder=account.username, payload={"email": email}, ends_at=link.ends_at)
    stores.tickets.put(digest(link.token), ticket)
    return link


def read_email_link(token: str, *, stores: Stores, clock: Clock) -> Account:
    """The account whose awaited address this link proves; nothing is spent.

    Raises LinkWorthless, also once another address was asked for, or none.
    """
    ticket = stores.tickets.find(digest(token), clock())
    account = stores.accounts.find(ticket.holder) if ticket and ticket.kind == EMAIL_TICKET else None
    if ticket is None or account is None or account.awaited_email(clock()) != ticket.payload["email"]:
        raise LinkWorthless
    return account


def confirm_email(token: str, *, stores: Stores, clock: Clock) -> tuple[Account, Account]:
    """Spend the link and use its address from now on; answers the account before and after. Raises LinkWorthless."""
    account = read_email_link(token, stores=stores, clock=clock)
    now, proved = clock(), account.email_pending
    if stores.tickets.spend(digest(token), kind=EMAIL_TICKET, holder=account.username, now=now) is None:
        raise LinkWorthless

    def change(held: Account) -> Account:
        if held.email_pending != proved:
            raise LinkWorthless
        settled = {"email_pending": None, "email_pending_until": None, "email_bounced_at": None}
        return by_parent(held, now, email=proved).model_copy(update=settled)

    return amend(account, change, accounts=stores.accounts)
