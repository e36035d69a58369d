"""Parses a posted form byte for byte: the HMAC is computed over the received bytes."""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

DIGESTS = ("SHA512", "SHA384", "SHA256", "SHA224")


@dataclass(frozen=True)
class Posted:
    """The fields in posted order, as bytes; and as text (`is_utf8` says whether the bytes were valid UTF-8)."""

    pairs: tuple[tuple[bytes, bytes], ...]
    fields: dict[str, str]
    is_utf8: bool

    @property
    def names(self) -> list[str]:
        return [name.decode(errors="replace") for name, _ in self.pairs]

    def text(self, name: str) -> str:
        return self.fields.get(name, "")

    def hmac(self, key_hex: str) -> str:
        """Returns the expected PBX_HMAC: over every posted field but itself, with the digest of PBX_HASH."""
        digest = self.text("PBX_HASH") if self.text("PBX_HASH") in DIGESTS else DIGESTS[0]
        message = b"&".join(name + b"=" + value for name, value in self.pairs if name != b"PBX_HMAC")
        return hmac.new(bytes.fromhex(key_hex), message, getattr(hashlib, digest.lower())).hexdigest().upper()


def parse(raw: bytes) -> Posted:
    """Returns the form of an `application/x-www-form-urlencoded` body."""
    parts = (part.partition(b"=") for part in raw.split(b"&") if part)
    pairs = tuple((_plain(name), _plain(value)) for name, _, value in parts)
    fields = {name.decode(errors="replace"): value.decode(errors="replace") for name, value in pairs}
    return Posted(pairs, fields, _is_utf8(b"".join(name + value for name, value in pairs)))


def _plain(piece: bytes) -> bytes:
    return unquote_to_bytes(piece.replace(b"+", b" "))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
