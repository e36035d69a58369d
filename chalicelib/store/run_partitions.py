"""A run's items lie under several keys: DynamoDB takes a thousand writes a second on one, and a mailing makes more.

Both shelves that a run fills give it back in one order, share after share, each by number.
"""

from zlib import crc32

SHARES = 4
"""Four thousand writes a second: a thousand mails a second write three thousand times (claim, mark, event).

More shares would cost each small run as many queries. To change it strands runs under way: wait until all are closed.
"""

KEY = "run_share"


def share_of(run: str, number: str) -> str:
    """« 2026-06-3f9a1c2b04.7 »: numbers that follow each other lie apart."""
    return f"{run}.{_rank(number):x}"


def shares(run: str) -> list[str]:
    return [f"{run}.{rank:x}" for rank in range(SHARES)]


def place(number: str) -> tuple[int, str]:
    """Sorts numbers as a run is given back."""
    return _rank(number), number


def _rank(number: str) -> int:
    return crc32(number.encode()) % SHARES
