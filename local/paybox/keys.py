"""RSA key of the Paybox simulator: as long as Paybox's own, generated once, stored in a private file."""

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

PRIVATE_KEY = "paybox-private-key.pem"


class BankKey:
    """Signs as Paybox does: RSASSA-PKCS1-v1_5 with SHA-1, 128 bytes."""

    def __init__(self, state_dir: Path) -> None:
        self._key = _load_or_make(state_dir / PRIVATE_KEY)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, PKCS1v15(), SHA1())  # noqa: S303 - Paybox's digest

    @property
    def public_pem(self) -> str:
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_key_pem(state_dir: Path) -> str:
    """Returns the PEM for the portal (PORTAIL_PAYBOX_PUBLIC_KEYS); the first call generates the key."""
    return BankKey(state_dir).public_pem


def _load_or_make(path: Path) -> RSAPrivateKey:
    if not path.exists():
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"{path} does not hold an RSA key: remove it, another will be made")
    return key


def _make(path: Path) -> None:
    """Write a temporary file, then link it: of two programs that start together, the second uses the first's key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the length of Paybox's key
    with tempfile.NamedTemporaryFile(dir=path.parent) as draft:
        draft.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        draft.flush()
        try:
            os.link(draft.name, path)
        except FileExistsError:
            return
