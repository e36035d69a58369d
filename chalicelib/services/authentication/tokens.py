"""Random tokens, what is stored of them, and keyed hashes that rotate."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

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
