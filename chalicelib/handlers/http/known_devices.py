"""Known devices: a browser that once signed in to an account is counted apart from strangers who try that account.

The cookie holds a random name of the device and one keyed hash per account it signed in to; nothing is stored.
"""

import re
import secrets

from chalicelib.domain.sign_in import Count
from chalicelib.handlers.http import cookies
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.authentication.counters import device_count
from chalicelib.services.authentication.tokens import is_keyed, keyed
from chalicelib.services.authentication.unlock import unlocked_at

MOST_ACCOUNTS = 4
DEVICE_COOKIE = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{64}){1,4}", re.ASCII)


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
    return cookies.set_cookie(cookies.DEVICE, value, secure=secure, lasts=cookies.DEVICE_LASTS)


def _parts(visit: Visit) -> tuple[str, list[str]]:
    brought = visit.cookies.get(cookies.DEVICE, "")
    if not DEVICE_COOKIE.fullmatch(brought):
        return "", []
    name, *proofs = brought.split(".")
    return name, proofs
