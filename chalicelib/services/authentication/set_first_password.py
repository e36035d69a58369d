"""*Nouveau mot de passe*: chosen by whoever holds a one-time link, mailed or given for an activation code."""

from collections.abc import Iterable

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.sign_in import Count
from chalicelib.errors import LinkWorthless, WrongCredentials
from chalicelib.services.authentication.credentials import set_password
from chalicelib.services.authentication.hashing import PasswordHashing
from chalicelib.services.authentication.password_links import PasswordLink, spend_link
from chalicelib.stores import Stores


def choose_password(
    link: PasswordLink,
    password: str,
    *,
    hashing: PasswordHashing,
    counts: Iterable[Count],
    stores: Stores,
    clock: Clock,
) -> Account:
    """Spend the link and keep a password that was found good; every session ends, and so does a lock.

    `counts`: what the account's failed tries are counted under. Answers the account as it now stands.
    Raises LinkWorthless, and nothing changes, when the link was spent or the password changed since it was read.
    """
    spend_link(link, tickets=stores.tickets, clock=clock)
    try:
        changed = set_password(link.account, password, hashing=hashing, stores=stores, clock=clock)
    except WrongCredentials as failure:
        raise LinkWorthless from failure
    for count in counts:
        stores.attempts.clear(count)
    return changed
