"""How a password is kept and checked: bcrypt over a keyed digest, in the same time for a known account and another."""

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence

import bcrypt

KEPT = re.compile(r"(?P<bcrypt>\$2b\$(?P<cost>0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53})\.(?P<generation>[0-9a-f]{8})")
"""A kept password: bcrypt's own form, then which generation of the pepper it was made with."""


def hash_password(password: str, *, pepper: bytes, cost: int) -> str:
    """What to keep of a password; `cost` is bcrypt's, the power of two of its rounds."""
    kept = bcrypt.hashpw(digest(password, pepper), bcrypt.gensalt(cost)).decode("ascii")
    return f"{kept}.{generation(pepper)}"


def check_password(password: str, stored: str | None, *, peppers: Sequence[bytes], cost: int) -> bool:
    """Whether the password is the one kept with any of the accepted peppers, the current one first.

    Nothing kept, something malformed or a pepper no longer accepted is False, after the very same work: one bcrypt of
    the current cost. A password kept at a lower cost is topped up to it when refused.
    """
    kept = KEPT.fullmatch(stored or "")
    pepper = next((one for one in peppers if kept and kept["generation"] == generation(one)), None)
    if kept is None or pepper is None:
        bcrypt.checkpw(digest(password, peppers[0]), nobodys_hash(cost))
        return False
    secret = digest(password, pepper)
    return bcrypt.checkpw(secret, kept["bcrypt"].encode()) or topped_up(secret, int(kept["cost"]), cost)


def needs_rehash(stored: str, *, pepper: bytes, cost: int) -> bool:
    """Whether a password just accepted should be kept anew: made with an older pepper or another cost."""
    kept = KEPT.fullmatch(stored)
    return kept is None or int(kept["cost"]) != cost or kept["generation"] != generation(pepper)


def digest(password: str, pepper: bytes) -> bytes:
    """64 bytes without NUL, whatever the length: bcrypt reads no more than 72, and stops at a NUL.

    NFKC, so that « é » typed on a Mac is the « é » typed on a phone.
    """
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(pepper, text, "sha384"))


def generation(pepper: bytes) -> str:
    """Eight characters that name a pepper and tell nothing of it."""
    return hmac.new(pepper, b"generation", hashlib.sha384).hexdigest()[:8]


def nobodys_hash(cost: int) -> bytes:
    """A hash that no password has, ready without computing one: the first unknown account would wait twice as long."""
    return bcrypt.gensalt(cost) + b"." * 31


def topped_up(secret: bytes, done: int, cost: int) -> bool:
    """Spend what `cost` would have over `done`: 2^done + 2^done + 2^(done+1) + … = 2^cost. Never accepts."""
    for lower in range(done, cost):
        bcrypt.checkpw(secret, nobodys_hash(lower))
    return False
