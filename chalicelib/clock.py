"""The clock as a function that is passed around, so that tests and a local portal can stop or move time."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]
"""Returns the present instant, aware and in UTC."""

OFFSET = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def system_clock() -> datetime:
    return datetime.now(UTC)


def file_clock(path: Path) -> Clock:
    """Returns a clock set by a file read at each call: seconds from now (`+903`, `0`) or an ISO instant with offset.

    An absent or empty file is the present. Raises ValueError when the file holds anything else.
    """

    def clock() -> datetime:
        text = path.read_text().strip() if path.exists() else ""
        if not text:
            return system_clock()
        if OFFSET.fullmatch(text):
            return system_clock() + timedelta(seconds=float(text))
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError(f"{path}: an instant needs its offset, as in 2026-11-23T09:00:00+01:00")
        return instant.astimezone(UTC)

    return clock
