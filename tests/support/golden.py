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
    again = f"UPDATE_GOLDEN=1 .venv/bin/pytest {os.environ['PYTEST_CURRENT_TEST'].partition('::')[0]}, then read it"
    assert kept.exists(), f"tests/data/{name} is not kept yet: {again}"
    assert actual == kept.read_text("utf-8"), f"tests/data/{name} differs from what is kept; if it is meant: {again}"
