"""Default environment variables of the command: the local stage and its emulated AWS."""

from collections.abc import MutableMapping
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LAST_PORT = 65_535 - 3
"""Highest port of the portal: the local stack also takes the three that follow."""

LOCAL_AWS = {
    "AWS_ACCESS_KEY_ID": "desk",
    "AWS_SECRET_ACCESS_KEY": "desk",
    "AWS_DEFAULT_REGION": "eu-west-3",
}
"""Dummy credentials: an emulated AWS takes any, a real one never sees these."""


def set_defaults(environ: MutableMapping[str, str]) -> None:
    """Set the missing environment variables; those already set are kept.

    Without PORTAIL_STAGE this is the stage `local`, whose AWS answers on PORT + 1 (PORT is 8000 when it is not set).
    Raises ValueError when PORT is no port, or leaves none for the emulated AWS.
    """
    if environ.setdefault("PORTAIL_STAGE", "local") != "local":
        return
    port = parse_port(environ.get("PORT") or "8000")
    environ.setdefault("PORTAIL_PUBLIC_URL", f"http://127.0.0.1:{port}")
    endpoint = environ.setdefault("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port + 1}")
    if urlsplit(endpoint).hostname in LOOPBACK:
        for name, value in LOCAL_AWS.items():
            environ.setdefault(name, value)


def parse_port(text: str) -> int:
    """Returns the port. Raises ValueError, with a French sentence, unless the local stack may use it."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= LAST_PORT):
        raise ValueError(f"PORT={text} n’est pas un numéro de port (de 1 à {LAST_PORT}).")
    return int(text)
