"""Where the command works: with nothing set, on the desk's own emulated AWS."""

from collections.abc import MutableMapping
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
DESK_AWS = {
    "AWS_ACCESS_KEY_ID": "desk",
    "AWS_SECRET_ACCESS_KEY": "desk",
    "AWS_DEFAULT_REGION": "eu-west-3",
}
"""Any keys will do for an emulated AWS; a real one never sees these."""


def prepare(environ: MutableMapping[str, str]) -> None:
    """Complete the environment; variables that are already set are kept.

    Without PORTAIL_STAGE this is the stage `local`, whose AWS answers on PORT + 1 (PORT is 8000 when it is not set).
    Raises ValueError when PORT is no number.
    """
    if environ.setdefault("PORTAIL_STAGE", "local") != "local":
        return
    port = int(environ.get("PORT") or "8000")
    environ.setdefault("PORTAIL_PUBLIC_URL", f"http://127.0.0.1:{port}")
    endpoint = environ.setdefault("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port + 1}")
    if urlsplit(endpoint).hostname in LOOPBACK:
        for name, value in DESK_AWS.items():
            environ.setdefault(name, value)
