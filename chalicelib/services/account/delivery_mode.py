"""*Mode de réception*: invoices by e-mail or on paper, and the signed link back to paper in every invoice mail."""

from collections.abc import Sequence
from urllib.parse import urlencode

from chalicelib.clock import Clock
from chalicelib.domain.account import USERNAME, Account, DeliveryMode
from chalicelib.errors import FormRefused, LinkWorthless
from chalicelib.services.authentication.hashing import is_keyed_hash, keyed_hash
from chalicelib.store.account_update import update_account, with_parent_changes
from chalicelib.store.accounts import AccountStore

PURPOSE = "retour-papier"


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


def paper_link(account: Account, *, key: bytes) -> str:
    """Returns the path that switches back to paper, signed (HMAC) for this account and its e-mail address."""
    signature = keyed_hash(key, PURPOSE, account.username, account.email or "")
    return f"/{PURPOSE}?{urlencode({'compte': account.username, 'signe': signature})}"


def read_paper_link(username: str, signed: str, *, keys: Sequence[bytes], accounts: AccountStore) -> Account:
    """Returns the account of a signed link. Raises LinkWorthless, also when its e-mail address is no longer used."""
    account = accounts.find(username) if USERNAME.fullmatch(username) else None
    if account is None or not is_keyed_hash(signed, keys, PURPOSE, account.username, account.email or ""):
        raise LinkWorthless
    return account
