"""Secrets of the local stack: generated once, stored in a private file, put in SSM Parameter Store for the portal."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from infrastructure.template import APP_NAME

NAMES = ("pepper", "csrf", "links", "activation", "counting")
KEY_BYTES = 32
PAYBOX_TEST_KEY = "0123456789ABCDEF" * 8
"""The public test HMAC key of Paybox's manual."""


def new_key() -> str:
    """Returns a new random key, in hexadecimal."""
    return secrets.token_hex(KEY_BYTES)


def local_secrets(file: Path) -> dict[str, str]:
    """Returns the secrets of the file, in hexadecimal; missing ones are generated and added to it."""
    existing: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    generated = {name: new_key() for name in NAMES} | {"paybox_hmac_key": PAYBOX_TEST_KEY}
    if generated.keys() - existing.keys():
        existing = generated | existing
        write_private_file(file, json.dumps(existing, indent=1))
    return existing


def write_private_file(file: Path, text: str) -> None:
    """Replace the file atomically, readable by its owner only (mode 0600)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    fresh.replace(file)


def parameter_path(stage: str, name: str) -> str:
    """Returns the name of the SSM parameter of a secret."""
    return f"/{APP_NAME}/{stage}/{name}"


def put_secrets(ssm: Any, stage: str, texts: dict[str, str]) -> list[str]:
    """Create the missing SSM parameters; existing ones are kept. Returns the names of those created."""
    return [name for name, text in texts.items() if put_new_parameter(ssm, parameter_path(stage, name), text)]


def put_new_parameter(ssm: Any, path: str, text: str) -> bool:
    """Returns whether the parameter was created: False when it exists."""
    try:
        ssm.put_parameter(Name=path, Value=text, Type="SecureString")
    except ssm.exceptions.ParameterAlreadyExists:
        return False
    return True
