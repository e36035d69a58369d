"""Texts kept beside the tests as they must be read: `UPDATE_GOLDEN=1 pytest …` writes them anew, to be read again."""

import os
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


def check_golden(name: str, actual: str) -> None:
    """Compare with `tests/data/<name>`."""
    kept = DATA / name
    if os.environ.get("UPDATE_GOLDEN"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(actual, "utf-8")
    assert actual == kept.read_text("utf-8"), f"{name} differs from what is kept"
