"""The two cookies given at sign-in: the session's, and that of a known device.

A browser that once signed in to an account has a count of failures of its own, apart from strangers who try that
account. Its cookie holds a random name of the device and one keyed hash per account; nothing is stored.
"""

import re
import secrets
from datetime import timedelta

from chalicelib.domain.account import Account
from chalicelib.domain.sign_in import Count
from chalicelib.handlers.http.visit import DEVICE_COOKIE, DEVICE_LASTS, SESSION_COOKIE, Visit, set_cookie
from chalicelib.services.authentication.hashing import is_keyed, keyed
from chalicelib.services.authentication.sessions import open_session
from chalicelib.services.authentication.sign_in import device_count
from chalicelib.services.authentication.unlock import unlocked_at


def open_cookie(visit: Visit, account: Account) -> str:
    """Open a session and answer its Set-Cookie value: the account's handle, then a token that only the browser keeps.

    Raises WrongCredentials when the password changed since it was proved.
    """
    portal = visit.portal
    lasts = timedelta(hours=portal.settings.session_hours)
    token = open_session(account, lasts=lasts, accounts=portal.accounts, sessions=portal.sessions, clock=portal.clock)
    return set_cookie(SESSION_COOKIE, f"{account.username}~{token}", secure=portal.settings.cookie_secure)


MOST_ACCOUNTS = 4
DEVICE_VALUE = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{64}){1,4}", re.ASCII)


def known_device(visit: Visit, username: str) -> str:
    """The device's name if it signed in to this account before, else the empty string."""
    name, proofs = _parts(visit)
    keys = visit.portal.secrets.counting
    return name if any(is_keyed(proof, keys, "device", username, name) for proof in proofs) else ""


def count_of_device(visit: Visit, username: str) -> Count | None:
    """What this browser's failures are counted for if it signed in to the account before.

    Counts from before an unlocking by the desk are left behind.
    """
    device = known_device(visit, username)
    if not device:
        return None
    portal = visit.portal
    return device_count(username, device + unlocked_at(username, attempts=portal.attempts, now=portal.clock()))


def remember_device(visit: Visit, username: str) -> str:
    """A Set-Cookie value that adds this account to those the device is known for."""
    name, proofs = _parts(visit)
    name = name or secrets.token_hex(16)
    ours = keyed(visit.portal.secrets.counting[0], "device", username, name)
    kept = [proof for proof in proofs if proof != ours][: MOST_ACCOUNTS - 1]
    value = ".".join([name, ours, *kept])
    secure = visit.portal.settings.cookie_secure
    return set_cookie(DEVICE_COOKIE, value, secure=secure, lasts=DEVICE_LASTS)


def _parts(visit: Visit) -> tuple[str, list[str]]:
    brought = visit.cookies.get(DEVICE_COOKIE, "")
    if not DEVICE_VALUE.fullmatch(brought):
        return "", []
    name, *proofs = brought.split(".")
    return name, proofs
