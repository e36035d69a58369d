"""The passwords that most people chose among those of 12 characters or more: 100,000, as a Bloom filter.

zxcvbn knows 30,000 passwords, of which few are that long. Only bits made of hashes are kept, from which no list can be
read. A password that is not among them is taken for one of them less than once in ten thousand. Made by
`tools/make_frequent_passwords.py`.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache

from chalicelib.services.authentication.password_strength import LISTS, without_accents

FILTER = LISTS / "frequent_passwords.bloom"
FILTER_BYTES = 250_000
HASHES = 14
"""With 100,000 passwords in two million bits, half the bits are set: 0.5 ** 14 is one in 16,000."""


def is_frequent(password: str) -> bool:
    """Returns whether the password is among the most frequent ones, whatever its case and accents."""
    bits = filter_bits()
    return all(bits[position >> 3] >> (position & 7) & 1 for position in positions(password))


def make_filter(passwords: Iterable[str]) -> bytes:
    """Returns the filter of these passwords."""
    bits = bytearray(FILTER_BYTES)
    for password in passwords:
        for position in positions(password):
            bits[position >> 3] |= 1 << (position & 7)
    return bytes(bits)


def comparable(password: str) -> str:
    """Returns the form in which passwords are alike: guessing tries every case, and no accent."""
    return without_accents(password).lower()


def positions(password: str) -> Iterator[int]:
    """Yields the bits that a password sets, by two halves of one hash (Kirsch and Mitzenmacher, 2006)."""
    hashed = hashlib.sha256(comparable(password).encode("utf-8", "surrogatepass")).digest()
    start, step = (int.from_bytes(hashed[half : half + 8]) for half in (0, 8))
    return ((start + number * step) % (FILTER_BYTES * 8) for number in range(HASHES))


@cache
def filter_bits() -> bytes:
    """Returns the filter, read once per process and only where a password is chosen."""
    return FILTER.read_bytes()
