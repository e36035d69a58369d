"""What the payment tests share: published vectors, the test account's key, a message to sign."""

import json
import os
from pathlib import Path

import pytest

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "paybox.json").read_text("utf-8"))
PAYBOX_KEY = VECTORS["public_keys"]["paybox"]
HMAC_KEY = "0123456789ABCDEF" * 8
"""The manual's test key, known to all."""

ACCEPTED = b"Mt=5700&Ref=AAAAAA-BBBBBB&Appel=71&Trans=83&Auto=XXXXXX&Erreur=00000&Date=24062026&Pays=FRA&Fin=44"
REFUSED = b"Mt=5700&Ref=AAAAAA-BBBBBB&Appel=70&Trans=0&Erreur=00105"


def skip_unless(present: object, sentence: str) -> None:
    """A tool that only developers have: its absence is told in one sentence, and is a failure where `CI` is set."""
    if not present and not os.environ.get("CI"):
        pytest.skip(sentence, allow_module_level=True)
