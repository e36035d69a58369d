"""Password hashes (bcrypt over a keyed digest), keyed hashes of identifiers (HMAC), and random tokens."""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import bcrypt

TOKEN_BYTES = 32
STORED_HASH = re.compile(
    r"(?P<bcrypt>\$2b\$(?P<cost>0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53})\.(?P<generation>[0-9a-f]{8})"
)
"""A stored password hash: bcrypt's own form, then the generation of the pepper that it was made with."""


@dataclass(frozen=True)
class PasswordHashing:
    """Password hashing as a stage configures it: its peppers, the current one first, and bcrypt's cost."""

    peppers: Sequence[bytes] = field(repr=False)
    cost: int

    def hash(self, password: str) -> str:
        return hash_password(password, pepper=self.peppers[0], cost=self.cost)

    def check(self, password: str, stored: str | None) -> bool:
        return check_password(password, stored, peppers=self.peppers, cost=self.cost)

    def outdated(self, stored: str) -> bool:
        return needs_rehash(stored, pepper=self.peppers[0], cost=self.cost)


def hash_password(password: str, *, pepper: bytes, cost: int) -> str:
    """Returns the hash to store. `cost` is bcrypt's: the power of two of its rounds."""
    hashed = bcrypt.hashpw(password_digest(password, pepper), bcrypt.gensalt(cost)).decode("ascii")
    return f"{hashed}.{pepper_generation(pepper)}"


def check_password(password: str, stored: str | None, *, peppers: Sequence[bytes], cost: int) -> bool:
    """Returns whether the password matches the stored hash, made with any of the accepted peppers (current one first).

    A missing or malformed hash, or one whose pepper is no longer accepted, is False after the same work: one bcrypt of
    the current cost, so that timing tells nothing. A refusal at a lower cost spends the missing rounds as well.
    """
    parts = STORED_HASH.fullmatch(stored or "")
    pepper = next((one for one in peppers if parts and parts["generation"] == pepper_generation(one)), None)
    if parts is None or pepper is None:
        bcrypt.checkpw(password_digest(password, peppers[0]), dummy_hash(cost))
        return False
    secret = password_digest(password, pepper)
    return bcrypt.checkpw(secret, parts["bcrypt"].encode()) or spend_missing_rounds(secret, int(parts["cost"]), cost)


def needs_rehash(stored: str, *, pepper: bytes, cost: int) -> bool:
    """Returns whether a password just accepted should be hashed again: its pepper is older or its cost differs."""
    parts = STORED_HASH.fullmatch(stored)
    return parts is None or int(parts["cost"]) != cost or parts["generation"] != pepper_generation(pepper)


def password_digest(password: str, pepper: bytes) -> bytes:
    """Returns 64 bytes without NUL, whatever the length: bcrypt reads no more than 72, and stops at a NUL.

    NFKC, so that « é » typed on a Mac is the « é » typed on a phone.
    """
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(pepper, text, "sha384"))


def pepper_generation(pepper: bytes) -> str:
    """Returns eight hex characters that identify a pepper without revealing it."""
    return hmac.new(pepper, b"generation", hashlib.sha384).hexdigest()[:8]


def dummy_hash(cost: int) -> bytes:
    """Returns a hash that no password matches, without computing one: the first unknown account would take longer."""
    return bcrypt.gensalt(cost) + b"." * 31


def spend_missing_rounds(secret: bytes, done: int, cost: int) -> bool:
    """Spend the time that `cost` takes beyond `done`: 2^done + 2^done + 2^(done+1) + … = 2^cost. Returns False."""
    for lower in range(done, cost):
        bcrypt.checkpw(secret, dummy_hash(lower))
    return False


def keyed_hash(key: bytes, *parts: str) -> str:
    """Returns the HMAC-SHA-256 (hex) of several texts. The separator is removed from the parts: it cannot be forged."""
    message = "\0".join(part.replace("\0", "") for part in parts)
    return hmac.new(key, message.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def is_keyed_hash(candidate: str, keys: Sequence[bytes], *parts: str) -> bool:
    """Returns whether the candidate is the keyed hash of the parts with any of the accepted keys, in constant time."""
    return any(hmac.compare_digest(candidate.encode(), keyed_hash(key, *parts).encode()) for key in keys)


def new_token() -> str:
    """Returns 256 random bits in base64url, for a cookie or a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Returns the SHA-256 (hex) that is stored instead of a token; a random token needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
