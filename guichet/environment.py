"""Where the command works: with nothing set, on the desk's own emulated AWS."""

from collections.abc import MutableMapping
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LAST_PORT = 65_535 - 3
"""The portal's, with room for the three that follow it on the desk."""

DESK_AWS = {
    "AWS_ACCESS_KEY_ID": "desk",
    "AWS_SECRET_ACCESS_KEY": "desk",
    "AWS_DEFAULT_REGION": "eu-west-3",
}
"""Any keys will do for an emulated AWS; a real one never sees these."""


def prepare(environ: MutableMapping[str, str]) -> None:
    """Complete the environment; variables that are already set are kept.

    Without PORTAIL_STAGE this is the stage `local`, whose AWS answers on PORT + 1 (PORT is 8000 when it is not set).
    Raises ValueError when PORT is no port, or leaves none for the AWS beside it.
    """
    if environ.setdefault("PORTAIL_STAGE", "local") != "local":
        return
    port = port_in(environ.get("PORT") or "8000")
    environ.setdefault("PORTAIL_PUBLIC_URL", f"http://127.0.0.1:{port}")
    endpoint = environ.setdefault("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port + 1}")
    if urlsplit(endpoint).hostname in LOOPBACK:
        for name, value in DESK_AWS.items():
            environ.setdefault(name, value)


def port_in(text: str) -> int:
    """Raises ValueError, with a French sentence, unless it is a port that the desk may be on."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= LAST_PORT):
        raise ValueError(f"PORT={text} n’est pas un numéro de port (de 1 à {LAST_PORT}).")
    return int(text)
