"""Paybox's signatures: HMAC of the payment form, RSA (SHA-1) of the notice."""

import hashlib
import hmac
import re
from collections.abc import Sequence

DIGESTS = {
    "SHA512": hashlib.sha512,
    "SHA384": hashlib.sha384,
    "SHA256": hashlib.sha256,
    "SHA224": hashlib.sha224,
}
"""The values of PBX_HASH; SHA512 is Paybox's default and the portal's."""

PUBLIC_KEY = re.compile(r"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


def sign(fields: Sequence[tuple[str, str]], key_hex: str, digest: str = "SHA512") -> str:
    """Returns the PBX_HMAC of a form: upper-case hexadecimal.

    Over every posted field, in the order of posting, empty ones too; values in UTF-8, not URL-encoded (manual V8.0).
    Raises ValueError when the key is not hexadecimal or the digest is not Paybox's.
    """
    if digest not in DIGESTS:
        raise ValueError(f"unknown digest {digest!r}")
    message = "&".join(f"{name}={value}" for name, value in fields).encode()
    return hmac.new(bytes.fromhex(key_hex), message, DIGESTS[digest]).hexdigest().upper()


def is_authentic(signed: bytes, signature: bytes, public_keys: Sequence[str]) -> bool:
    """Whether one of these PEM keys verifies this signature (decoded: 128 bytes) over these bytes.

    RSASSA-PKCS1-v1_5 with SHA-1 is what Paybox signs with. Never raises: whatever cannot be verified is not authentic.
    """
    try:
        return any(_is_signed_by(pem, signed, signature) for pem in public_keys)
    except Exception:  # not even a list of keys
        return False


def split_keys(pems: str) -> tuple[str, ...]:
    """Returns the PEM public keys concatenated in a setting."""
    return tuple(PUBLIC_KEY.findall(pems))


def _is_signed_by(pem: str, signed: bytes, signature: bytes) -> bool:
    # Imported here because only the notice needs it, and it costs every other request 50 ms of a cold start.
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem.encode())
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(signature, signed, PKCS1v15(), SHA1())  # noqa: S303 - Paybox signs with SHA-1, we only verify
    except Exception:
        # A broken key of the list must not hide the good one, and no forged message may end in a 500.
        return False
    return True
