"""Activation codes: the one-time code that a family types to open its account, printed on letters and invoices.

A truncated HMAC of a secret, the account and a generation: it can be printed again and is stored nowhere.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date, timedelta

from chalicelib.domain.account import Account

CODE_LASTS = timedelta(days=90)
"""Counted from the day the code was last printed."""

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 characters without I, O, 0 and 1, which look alike in print."""

CODE_LENGTH = 12
GROUP = 4


def activation_code(account: Account, *, key: bytes) -> str:
    """Returns the code of an account: twelve characters (60 bits) as « ABCD-EFGH-JKLM »."""
    message = f"activation\0{account.username}\0{account.activation_generation}".encode()
    digest = hmac.new(key, message, hashlib.sha256).digest()
    characters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:CODE_LENGTH])
    return "-".join(characters[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def is_activation_code(typed: str, account: Account, *, keys: Sequence[bytes]) -> bool:
    """Returns whether the typed text is this account's code, ignoring case, dashes and spaces; expired or not."""
    candidate = _normalised(typed).encode()
    return any(hmac.compare_digest(candidate, _normalised(activation_code(account, key=key)).encode()) for key in keys)


def code_expired(account: Account, today: date) -> bool:
    """Returns whether the code was never printed, or printed too long ago."""
    printed_on = account.activation_printed_on
    return printed_on is None or today - printed_on > CODE_LASTS


def _normalised(code: str) -> str:
    return "".join(character for character in code.upper() if character.isalnum())
