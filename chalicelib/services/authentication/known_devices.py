"""Known devices: a browser that once signed in to an account is counted apart from strangers who try that account.

Its cookie holds a random name of the device and one keyed hash per account that it signed in to; nothing is stored.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.sign_in import Count
from chalicelib.services.authentication.hashing import is_keyed, keyed
from chalicelib.store.attempts import AttemptStore

MOST_ACCOUNTS = 4
COOKIE_VALUE = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{64}){1,4}", re.ASCII)


def known_device(cookie: str, username: str, keys: Sequence[bytes]) -> str:
    """Returns the device's name if it signed in to this account before, else the empty string."""
    name, proofs = _parts(cookie)
    return name if any(is_keyed(proof, keys, "device", username, name) for proof in proofs) else ""


def device_count_of(
    cookie: str, username: str, *, keys: Sequence[bytes], attempts: AttemptStore, now: datetime
) -> Count | None:
    """Returns what this browser's failures are counted for if it signed in to the account before.

    Counts from before an unlocking by the office are left behind.
    """
    device = known_device(cookie, username, keys)
    return device_count(username, device + unlocked_at(username, attempts=attempts, now=now)) if device else None


def remembered(cookie: str, username: str, key: bytes) -> str:
    """Returns the cookie's value with this account among those that the device is known for."""
    name, proofs = _parts(cookie)
    name = name or secrets.token_hex(16)
    ours = keyed(key, "device", username, name)
    kept = [proof for proof in proofs if proof != ours][: MOST_ACCOUNTS - 1]
    return ".".join([name, ours, *kept])


def device_count(username: str, device: str) -> Count:
    """Failed sign-ins from a browser that signed in to this account before."""
    return "device", username, device


def unlocking(username: str) -> Count:
    """The office's last unlocking of an account, which no count outlives."""
    return "unlocking", username


def unlocked_at(username: str, *, attempts: AttemptStore, now: datetime) -> str:
    """Names the last unlocking while a count older than it may live; empty when there is none."""
    (mark,) = attempts.read([unlocking(username)])
    return str(mark.last_failed_at) if mark.fresh(now) else ""


def _parts(cookie: str) -> tuple[str, list[str]]:
    if not COOKIE_VALUE.fullmatch(cookie):
        return "", []
    name, *proofs = cookie.split(".")
    return name, proofs
