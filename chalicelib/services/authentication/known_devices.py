"""Known devices: a browser that once signed in to an account has its own failure count, apart from other browsers.

Its cookie holds a random device name and one keyed hash per account that it signed in to; nothing is stored.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.sign_in import Count
from chalicelib.services.authentication.counts import device_count, unlock_count
from chalicelib.services.authentication.hashing import is_keyed_hash, keyed_hash
from chalicelib.store.attempts import AttemptStore

MOST_ACCOUNTS = 4
COOKIE_VALUE = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{64}){1,4}", re.ASCII)


def known_device(cookie: str, username: str, keys: Sequence[bytes]) -> str:
    """Returns the device's name if it signed in to this account before, else the empty string."""
    name, proofs = _parts(cookie)
    return name if any(is_keyed_hash(proof, keys, "device", username, name) for proof in proofs) else ""


def device_count_of(
    cookie: str, username: str, *, keys: Sequence[bytes], attempts: AttemptStore, now: datetime
) -> Count | None:
    """Returns the key of this browser's failure count if it signed in to the account before, else None.

    An unlocking by the office changes the key, so that earlier failures no longer count.
    """
    device = known_device(cookie, username, keys)
    return device_count(username, device + unlocked_at(username, attempts=attempts, now=now)) if device else None


def remember_account(cookie: str, username: str, key: bytes) -> str:
    """Returns the cookie's value with this account added to those that the device is known for."""
    name, proofs = _parts(cookie)
    name = name or secrets.token_hex(16)
    proof_of_account = keyed_hash(key, "device", username, name)
    others = [proof for proof in proofs if proof != proof_of_account][: MOST_ACCOUNTS - 1]
    return ".".join([name, proof_of_account, *others])


def unlocked_at(username: str, *, attempts: AttemptStore, now: datetime) -> str:
    """Returns the instant of the last unlocking as text while an older count may exist, else the empty string."""
    (unlocked,) = attempts.read([unlock_count(username)])
    return str(unlocked.last_failed_at) if unlocked.fresh(now) else ""


def _parts(cookie: str) -> tuple[str, list[str]]:
    if not COOKIE_VALUE.fullmatch(cookie):
        return "", []
    name, *proofs = cookie.split(".")
    return name, proofs
