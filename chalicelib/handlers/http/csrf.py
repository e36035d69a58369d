"""Our own forms, and nobody else's: a token bound to the visitor's cookie, and where the browser says it comes from."""

import secrets
from collections.abc import Mapping, Sequence

from chalicelib.errors import Forbidden
from chalicelib.services.authentication.tokens import is_keyed, keyed

FIELD = "csrf"
NONCE_BYTES = 8
OURS = ("same-origin", "none")
"""`Sec-Fetch-Site` of our own forms; `none` is what a visitor asks of the browser itself, through no site."""


def form_token(secret: str, keys: Sequence[bytes], nonce: str) -> str:
    """A token for a form of whoever holds `secret` (a cookie's token)."""
    return f"{nonce}.{keyed(keys[0], 'form', secret, nonce)}"


def fresh_nonce() -> str:
    """For pages that echo what the address says: compression must not let a token be guessed from their length."""
    return secrets.token_hex(NONCE_BYTES)


def is_form_token(token: str, secret: str, keys: Sequence[bytes]) -> bool:
    nonce, _, mac = token.partition(".")
    return bool(secret) and is_keyed(mac, keys, "form", secret, nonce)


def refuse_foreign(headers: Mapping[str, str], origins: Sequence[str]) -> None:
    """Raise Forbidden when the browser says that the form stands on another site; `null` is foreign too.

    So is `same-site`: another host of the town's, or on the desk another port, has none of our forms.
    """
    origin = headers.get("origin")
    if origin is not None and origin not in origins:
        raise Forbidden
    if headers.get("sec-fetch-site", OURS[0]).strip().lower() not in OURS:
        raise Forbidden
