"""Password hashes (bcrypt over a keyed digest), keyed hashes of identifiers (HMAC), and random tokens."""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import bcrypt

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits, fit for a cookie or a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """What is stored instead of a token; a random token needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed(key: bytes, *parts: str) -> str:
    """A keyed hash (hex) of several texts; the separator cannot be forged from inside a part."""
    message = "\0".join(part.replace("\0", "") for part in parts)
    return hmac.new(key, message.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def is_keyed(candidate: str, keys: Sequence[bytes], *parts: str) -> bool:
    """The candidate is the keyed hash of the parts under a generation still accepted."""
    return any(hmac.compare_digest(candidate.encode(), keyed(key, *parts).encode()) for key in keys)


KEPT = re.compile(r"(?P<bcrypt>\$2b\$(?P<cost>0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53})\.(?P<generation>[0-9a-f]{8})")
"""A kept password: bcrypt's own form, then which generation of the pepper it was made with."""


def hash_password(password: str, *, pepper: bytes, cost: int) -> str:
    """What to keep of a password; `cost` is bcrypt's, the power of two of its rounds."""
    kept = bcrypt.hashpw(password_digest(password, pepper), bcrypt.gensalt(cost)).decode("ascii")
    return f"{kept}.{generation(pepper)}"


def check_password(password: str, stored: str | None, *, peppers: Sequence[bytes], cost: int) -> bool:
    """Whether the password is the one kept with any of the accepted peppers, the current one first.

    Nothing kept, something malformed or a pepper no longer accepted is False, after the very same work: one bcrypt of
    the current cost. A password kept at a lower cost is topped up to it when refused.
    """
    kept = KEPT.fullmatch(stored or "")
    pepper = next((one for one in peppers if kept and kept["generation"] == generation(one)), None)
    if kept is None or pepper is None:
        bcrypt.checkpw(password_digest(password, peppers[0]), nobodys_hash(cost))
        return False
    secret = password_digest(password, pepper)
    return bcrypt.checkpw(secret, kept["bcrypt"].encode()) or topped_up(secret, int(kept["cost"]), cost)


def needs_rehash(stored: str, *, pepper: bytes, cost: int) -> bool:
    """Whether a password just accepted should be kept anew: made with an older pepper or another cost."""
    kept = KEPT.fullmatch(stored)
    return kept is None or int(kept["cost"]) != cost or kept["generation"] != generation(pepper)


def password_digest(password: str, pepper: bytes) -> bytes:
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


@dataclass(frozen=True)
class PasswordHashing:
    """How a stage keeps passwords: its peppers, the current one first, and bcrypt's cost."""

    peppers: Sequence[bytes]
    cost: int

    def hash(self, password: str) -> str:
        return hash_password(password, pepper=self.peppers[0], cost=self.cost)

    def check(self, password: str, stored: str | None) -> bool:
        return check_password(password, stored, peppers=self.peppers, cost=self.cost)

    def outdated(self, stored: str) -> bool:
        return needs_rehash(stored, pepper=self.peppers[0], cost=self.cost)
