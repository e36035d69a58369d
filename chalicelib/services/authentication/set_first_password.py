"""*Nouveau mot de passe*: set a password with a one-time link, mailed or obtained with an activation code."""

import logging
from collections.abc import Iterable

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.sign_in import Count
from chalicelib.errors import LinkWorthless, Unavailable, WrongCredentials
from chalicelib.services.authentication.counts import device_lock_count, is_device_count
from chalicelib.services.authentication.credentials import set_password
from chalicelib.services.authentication.hashing import PasswordHashing
from chalicelib.services.authentication.password_links import PasswordLink, spend_link
from chalicelib.stores import Stores

logger = logging.getLogger(__name__)


def choose_password(
    link: PasswordLink,
    password: str,
    *,
    hashing: PasswordHashing,
    counts: Iterable[Count],
    stores: Stores,
    clock: Clock,
) -> Account:
    """Store a password that `password_rules` accepted, and use the link up; sessions end, and so does a lockout.

    `counts`: keys of the account's failure counts, which are cleared. Returns the account as stored.
    Raises LinkWorthless, the password unchanged, when the link was used or the password changed since it was read.
    Raises Unavailable with the link still good: the write that decides comes after all the others but the ticket's, and
    makes the ticket worthless by itself.
    """
    for count in counts:
        stores.attempts.clear(count)
        if is_device_count(count):
            stores.attempts.clear(device_lock_count(link.account.username))
    try:
        changed = set_password(link.account, password, hashing=hashing, stores=stores, clock=clock)
    except WrongCredentials as failure:
        raise LinkWorthless from failure
    try:
        spend_link(link, tickets=stores.tickets, clock=clock)
    except (LinkWorthless, Unavailable):
        logger.warning("link not removed", exc_info=True)
    return changed
