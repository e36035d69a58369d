"""A bank for the tests of the whole portal: its key, and notices signed as Paybox signs them."""

import base64
import functools
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ACCEPTED, REFUSED = "00000", "00105"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class SigningBank:
    """Signs with a key of its own; `public_pem` is what the portal is told."""

    def __init__(self) -> None:
        self._key = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - Paybox's length

    @property
    def public_pem(self) -> str:
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def signed(self, message: bytes) -> bytes:
        """The message followed by its signature, as it goes on the wire."""
        signature = self._key.sign(message, PKCS1v15(), SHA1())  # noqa: S303 - Paybox's digest
        return message + b"&Sign=" + quote(base64.b64encode(signature), safe="").encode()

    def notice(
        self, reference: str, *, cents: int = 5700, code: str = ACCEPTED, transaction: str = "83", **more: str
    ) -> bytes:
        """The raw body of a notice about one try; a refusal has no transaction, authorisation or card."""
        said: dict[str, str | int] = {"Mt": cents, "Ref": reference, "Appel": f"7{transaction}"}
        if code == ACCEPTED:
            said |= {"Trans": transaction, "Auto": "XXXXXX"}
        said["Erreur"] = code
        if code == ACCEPTED:
            said |= {"Date": "10062026", "Pays": "FRA", "Fin": "44"}
        return self.signed("&".join(f"{name}={value}" for name, value in (said | more).items()).encode())


@functools.cache
def signing_bank() -> SigningBank:
    """The process's bank: a key takes its time to be made."""
    return SigningBank()
