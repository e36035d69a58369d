"""The captcha: five characters to see or five digits to hear; made, drawn, spoken and judged."""

import hmac
import secrets
import unicodedata
from collections.abc import Callable, Mapping

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


class CaptchaStudio:
    """Makes, draws, speaks and judges texts of control. `fixed` is a rehearsal's known answer."""

    def __init__(self, fixed: str = "") -> None:
        self._fixed = fixed

    def new(self) -> dict[str, str]:
        return new_challenge(secrets.choice, fixed=self._fixed).model_dump()

    def accepts(self, challenge: Mapping[str, str], answer: str) -> bool:
        return accepts(Challenge.model_validate(challenge), answer)

    def picture(self, challenge: Mapping[str, str]) -> bytes:
        """A PNG of the letters."""
        from chalicelib.captcha.image import draw  # Pillow, for this request alone

        return draw(challenge["letters"])

    def sound(self, challenge: Mapping[str, str]) -> bytes:
        """A WAV of the digits, in French."""
        from chalicelib.captcha.sound import speak

        return speak(challenge["digits"])
