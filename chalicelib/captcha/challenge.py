"""Captcha challenges: five characters as a picture or five digits as a sound; created, drawn, spoken, checked."""

import hmac
import secrets
import unicodedata
from collections.abc import Callable, Mapping

from chalicelib.domain.models import Model

ALPHABET = "ABCDEFHJKLMNPRTUVWXY34679"
"""Without characters easily confused: 0, O and Q, 1 and I, 2 and Z, 5 and S, 8 (with B), G (with 6 and C)."""

DIGITS = "0123456789"
LENGTH = 5
INVISIBLE = "ZCM"
"""Unicode's separators, controls (zero-width ones included) and marks: added unseen by a keyboard or a paste."""


class Challenge(Model):
    """A captcha: the letters of its picture and the digits of its sound. Either is the answer."""

    letters: str
    digits: str


class Captcha:
    """Creates, draws, speaks and checks captchas. `fixed` is a rehearsal's known answer."""

    def __init__(self, fixed: str = "") -> None:
        self._fixed = fixed

    def new(self) -> dict[str, str]:
        return new_challenge(secrets.choice, fixed=self._fixed).model_dump()

    def accepts(self, challenge: Mapping[str, str], answer: str) -> bool:
        return accepts(Challenge.model_validate(challenge), answer)

    def picture(self, challenge: Mapping[str, str]) -> bytes:
        """Returns a PNG of the letters."""
        from chalicelib.captcha.image import draw  # Pillow, for this request only

        return draw(challenge["letters"])

    def sound(self, challenge: Mapping[str, str]) -> bytes:
        """Returns a WAV of the digits, in French."""
        from chalicelib.captcha.sound import speak

        return speak(challenge["digits"])


def new_challenge(choose: Callable[[str], str] = secrets.choice, fixed: str = "") -> Challenge:
    """Returns five random letters and digits (`choose` picks each); `fixed`, a rehearsal's answer, replaces both."""
    if fixed:
        return Challenge(letters=fixed, digits=fixed)
    return Challenge(letters=random_text(choose, ALPHABET), digits=random_text(choose, DIGITS))


def random_text(choose: Callable[[str], str], characters: str) -> str:
    return "".join(choose(characters) for _ in range(LENGTH))


def accepts(challenge: Challenge, answer: str) -> bool:
    """Whether the answer is the letters or the digits, whatever its case and spaces; in constant time."""
    typed = normalise(answer)
    is_letters = hmac.compare_digest(typed, normalise(challenge.letters))
    is_digits = hmac.compare_digest(typed, normalise(challenge.digits))
    return bool(typed) and (is_letters or is_digits)


def normalise(text: str) -> bytes:
    """Returns a text case-folded, without invisible characters, full-width forms normalised (NFKC)."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if unicodedata.category(char)[0] not in INVISIBLE).encode()
