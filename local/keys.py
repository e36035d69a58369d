"""The desk's secrets: made once, kept in its owner's file, given to the portal as SSM parameters like in a town."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infrastructure.template import APP_NAME

NAMES = ("pepper", "csrf", "links", "activation", "counting")
KEY_BYTES = 32
PAYBOX_TEST_KEY = "0123456789ABCDEF" * 8
"""The HMAC key that Paybox's manual gives to everybody for tests."""


def fresh_key() -> str:
    """A new generation of one of our keys, in hexadecimal."""
    return secrets.token_hex(KEY_BYTES)


def desk_secrets(file: Path) -> dict[str, str]:
    """The secrets kept in the file, in hexadecimal; those it lacks are made and added."""
    kept: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    made = {name: fresh_key() for name in NAMES} | {"paybox_hmac_key": PAYBOX_TEST_KEY}
    if made.keys() - kept.keys():
        kept = made | kept
        write_privately(file, json.dumps(kept, indent=1))
    return kept


def write_privately(file: Path, text: str) -> None:
    """Replace the file as a whole, readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    fresh.replace(file)


def parameter_path(stage: str, name: str) -> str:
    """Where the portal reads one of its secrets."""
    return f"/{APP_NAME}/{stage}/{name}"


def give_secrets(ssm: Any, stage: str, texts: dict[str, str]) -> list[str]:
    """Put them where the portal reads its own; a parameter that is already there is kept. Answers the new names."""
    return [name for name, text in texts.items() if given(ssm, parameter_path(stage, name), text)]


def given(ssm: Any, path: str, text: str) -> bool:
    """Whether the parameter was created: False when there is one."""
    try:
        ssm.put_parameter(Name=path, Value=text, Type="SecureString")
    except ClientError as refusal:
        if refusal.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise
        return False
    return True
