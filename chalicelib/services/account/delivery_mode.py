"""*Mode de réception*: invoices by e-mail or on paper, and the signed link back to paper in every invoice mail."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from chalicelib.clock import Clock
from chalicelib.domain.account import USERNAME, Account, DeliveryMode
from chalicelib.errors import FormRefused, LinkWorthless
from chalicelib.services.authentication.hashing import is_keyed_hash, keyed_hash
from chalicelib.store.account_update import update_account, with_parent_changes
from chalicelib.store.accounts import AccountStore

PURPOSE = "retour-papier"
PAPER_LINK_MONTHS = 13
"""A year of invoices and one more: whoever looks for the link finds it in the last mail."""


def choose_delivery_mode(
    account: Account, mode: DeliveryMode, *, accounts: AccountStore, clock: Clock
) -> tuple[Account, Account]:
    """Set how the next invoices are delivered. Returns the account before and after.

    Raises FormRefused as `refuse_delivery_mode` does.
    """
    now = clock()

    def change(current: Account) -> Account:
        refuse_delivery_mode(current, mode)
        return with_parent_changes(current, now, delivery_mode=mode)

    return update_account(account, change, accounts=accounts)


def refuse_delivery_mode(account: Account, mode: DeliveryMode) -> None:
    """Raise FormRefused on `mode` when e-mail is chosen without a confirmed address that does not bounce."""
    if mode is DeliveryMode.EMAIL and not account.email:
        raise FormRefused({"mode": "email_needed"})
    if mode is DeliveryMode.EMAIL and account.email_bounced_at:
        raise FormRefused({"mode": "email_bounces"})


@dataclass(frozen=True)
class PaperLink:
    """What a link back to paper says; `mailed_on` is an ISO day, or empty in the mails of earlier versions."""

    username: str
    mailed_on: str
    signed: str


def paper_link(account: Account, *, key: bytes, today: date) -> str:
    """Returns the path that switches back to paper, signed (HMAC) for this account, its e-mail address and this day."""
    mailed_on = today.isoformat()
    signature = keyed_hash(key, *_signed_parts(account, mailed_on))
    return f"/{PURPOSE}?{urlencode({'compte': account.username, 'le': mailed_on, 'signe': signature})}"


def read_paper_link(link: PaperLink, *, keys: Sequence[bytes], accounts: AccountStore, today: date) -> Account:
    """Returns the account of a link mailed less than 13 months ago.

    Raises LinkWorthless, also when its e-mail address is no longer used. Links of earlier versions, which say no day,
    end with the key that signed them.
    """
    account = accounts.find(link.username) if USERNAME.fullmatch(link.username) else None
    if account is None or not is_keyed_hash(link.signed, keys, *_signed_parts(account, link.mailed_on)):
        raise LinkWorthless
    if link.mailed_on and today > months_after(date.fromisoformat(link.mailed_on), PAPER_LINK_MONTHS):
        raise LinkWorthless
    return account


def _signed_parts(account: Account, mailed_on: str) -> tuple[str, ...]:
    parts = (PURPOSE, account.username, account.email or "")
    return (*parts, mailed_on) if mailed_on else parts


def months_after(day: date, months: int) -> date:
    """Returns the same day of a later month, or the last day of that month when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return day.replace(year=day.year + years, month=month + 1, day=min(day.day, last))
