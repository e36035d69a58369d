"""What the visitor is asked to retype: five characters to see or five digits to hear."""

import hmac
import secrets
import unicodedata
from collections.abc import Callable

from chalicelib.domain.models import Model

ALPHABET = "ABCDEFHJKLMNPRTUVWXY34679"
"""Without what a tired eye confuses: 0, O and Q, 1 and I, 2 and Z, 5 and S, 8 (with B), G (with 6 and C)."""

DIGITS = "0123456789"
LENGTH = 5
INVISIBLE = "ZCM"
"""Unicode's separators, controls (zero-width ones included) and marks: what a keyboard or a paste adds unseen."""


class Challenge(Model):
    """One text of control: what its picture shows and what its sound says. Either is the answer."""

    letters: str
    digits: str


def new_challenge(choose: Callable[[str], str] = secrets.choice, fixed: str = "") -> Challenge:
    """Five letters and five digits, each picked by `choose`; `fixed`, the rehearsal's answer, replaces both."""
    if fixed:
        return Challenge(letters=fixed, digits=fixed)
    return Challenge(letters=pick(choose, ALPHABET), digits=pick(choose, DIGITS))


def pick(choose: Callable[[str], str], characters: str) -> str:
    return "".join(choose(characters) for _ in range(LENGTH))


def accepts(challenge: Challenge, answer: str) -> bool:
    """Whether the answer is what was shown or what was said, whatever its case and spaces; same time for any answer."""
    given = folded(answer)
    seen = hmac.compare_digest(given, folded(challenge.letters))
    heard = hmac.compare_digest(given, folded(challenge.digits))
    return bool(given) and (seen or heard)


def folded(text: str) -> bytes:
    """A text without case or anything invisible, full-width forms made plain."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if unicodedata.category(char)[0] not in INVISIBLE).encode()
