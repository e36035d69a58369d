"""The references of card payments (PBX_CMD): drawn at random, and read back however they are typed."""

import base64
from collections.abc import Callable

REFERENCE_LENGTH, GROUP_LENGTH = 24, 6
"""Letters and digits of the references that the portal draws, and of each of their groups."""


def new_reference(token: Callable[[int], bytes]) -> str:
    """Returns a random reference (120 bits) that can be read aloud: four groups of six letters and digits.

    `token` returns that many random bytes (`secrets.token_bytes`).
    """
    return _grouped(base64.b32encode(token(15)).decode())


def canonical_reference(typed: str) -> str:
    """Returns a reference of the portal as it is stored, however it was typed: case, dashes and spaces do not count.

    Any other text, which may be a reference of somebody else, is returned stripped and otherwise unchanged.
    """
    letters = "".join(filter(str.isalnum, typed))
    if len(letters) != REFERENCE_LENGTH or not letters.isascii():
        return typed.strip()
    return _grouped(letters.upper())


def _grouped(letters: str) -> str:
    groups = (letters[start : start + GROUP_LENGTH] for start in range(0, REFERENCE_LENGTH, GROUP_LENGTH))
    return "-".join(groups)
