"""The activation code: how a family that never signed in proves that the letter or the invoice is its own.

It is derived from a secret, the account and a generation, so it can be printed again and is stored nowhere.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date, timedelta

from chalicelib.domain.account import Account

CODE_LASTS = timedelta(days=90)
"""Counted from the day it was last printed."""

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 signs without I, O, 0 and 1, which print alike."""

CODE_LENGTH = 12
GROUP = 4


def activation_code(account: Account, *, key: bytes) -> str:
    """Twelve signs (60 bits) as « ABCD-EFGH-JKLM »."""
    message = f"activation\0{account.username}\0{account.activation_generation}".encode()
    drawn = hmac.new(key, message, hashlib.sha256).digest()
    signs = "".join(ALPHABET[octet % len(ALPHABET)] for octet in drawn[:CODE_LENGTH])
    return "-".join(signs[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def is_activation_code(typed: str, account: Account, *, keys: Sequence[bytes]) -> bool:
    """The typed text is this account's code, whatever its case, dashes and spaces; used or not, expired or not."""
    candidate = _bare(typed).encode()
    return any(hmac.compare_digest(candidate, _bare(activation_code(account, key=key)).encode()) for key in keys)


def code_expired(account: Account, today: date) -> bool:
    """Never printed, or printed too long ago."""
    printed_on = account.activation_printed_on
    return printed_on is None or today - printed_on > CODE_LASTS


def _bare(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())
