"""Captcha challenges: five characters as a picture or five digits as a sound; derived, drawn, spoken, checked."""

import hmac
import unicodedata

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
    """Draws, speaks and checks the challenge of a secret. `fixed` is a rehearsal's known answer."""

    def __init__(self, fixed: str = "") -> None:
        self._fixed = fixed

    def accepts(self, secret: bytes, answer: str) -> bool:
        return accepts(self._challenge(secret), answer)

    def picture(self, secret: bytes) -> bytes:
        """Returns a PNG of the letters."""
        from chalicelib.captcha.image import draw  # Pillow, for this request only

        return draw(self._challenge(secret).letters)

    def sound(self, secret: bytes) -> bytes:
        """Returns a WAV of the digits, in French."""
        from chalicelib.captcha.sound import speak

        return speak(self._challenge(secret).digits)

    def _challenge(self, secret: bytes) -> Challenge:
        return challenge_of(secret, fixed=self._fixed)


def challenge_of(secret: bytes, fixed: str = "") -> Challenge:
    """Returns the five letters and five digits of a secret of 32 bytes; `fixed`, a rehearsal's answer, replaces both.

    The same secret always gives the same challenge, so that none is stored. All are as likely, to one in 2^210.
    """
    if fixed:
        return Challenge(letters=fixed, digits=fixed)
    letters, rest = _text_of(int.from_bytes(secret), ALPHABET)
    digits, _ = _text_of(rest, DIGITS)
    return Challenge(letters=letters, digits=digits)


def _text_of(number: int, characters: str) -> tuple[str, int]:
    """Returns five characters picked by a number, and what is left of it."""
    text = ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(characters))
        text += characters[place]
    return text, number


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
