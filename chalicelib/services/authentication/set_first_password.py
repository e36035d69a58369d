"""*Nouveau mot de passe*: set a password with a one-time link, mailed or obtained with an activation code."""

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
    """Use the link up and store a password that `password_rules` accepted; sessions end, and so does a lockout.

    `counts`: keys of the account's failure counts, which are cleared. Returns the account as stored.
    Raises LinkWorthless, and nothing changes, when the link was used or the password changed since it was read.
    """
    spend_link(link, tickets=stores.tickets, clock=clock)
    try:
        changed = set_password(link.account, password, hashing=hashing, stores=stores, clock=clock)
    except WrongCredentials as failure:
        raise LinkWorthless from failure
    for count in counts:
        stores.attempts.clear(count)
    return changed
