"""The captcha as the services use it: a challenge is a small mapping they may keep in a ticket."""

import secrets
from collections.abc import Mapping

from chalicelib.captcha.challenge import Challenge, accepts, new_challenge


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
