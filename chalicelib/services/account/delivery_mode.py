"""*Mode de réception*: by e-mail or on paper, from the next invoice on; and the way back in every invoice mail."""

from collections.abc import Sequence
from urllib.parse import urlencode

from chalicelib.clock import Clock
from chalicelib.domain.account import USERNAME, Account, DeliveryMode
from chalicelib.errors import FormRefused, LinkWorthless
from chalicelib.services.authentication.hashing import is_keyed, keyed
from chalicelib.store.account_update import amend, by_parent
from chalicelib.store.accounts import AccountStore

PURPOSE = "retour-papier"


def choose_delivery_mode(
    account: Account, mode: DeliveryMode, *, accounts: AccountStore, clock: Clock
) -> tuple[Account, Account]:
    """Deliver the next invoices so; answers the account before and after.

    Raises FormRefused on `mode` when e-mail is asked for without an address that is confirmed and does not bounce.
    """
    now = clock()

    def change(held: Account) -> Account:
        if mode is DeliveryMode.EMAIL and not held.email:
            raise FormRefused({"mode": "email_needed"})
        if mode is DeliveryMode.EMAIL and held.email_bounced_at:
            raise FormRefused({"mode": "email_bounces"})
        return by_parent(held, now, delivery_mode=mode)

    return amend(account, change, accounts=accounts)


def paper_link(account: Account, *, key: bytes) -> str:
    """The path in an invoice mail that leads back to paper, signed for this account and the address it went to."""
    signed = keyed(key, PURPOSE, account.username, account.email or "")
    return f"/{PURPOSE}?{urlencode({'compte': account.username, 'signe': signed})}"


def read_paper_link(username: str, signed: str, *, keys: Sequence[bytes], accounts: AccountStore) -> Account:
    """The account of a link of ours. Raises LinkWorthless, also when the address it went to is no longer used."""
    account = accounts.find(username) if USERNAME.fullmatch(username) else None
    if account is None or not is_keyed(signed, keys, PURPOSE, account.username, account.email or ""):
        raise LinkWorthless
    return account
