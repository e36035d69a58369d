"""A mail provider in memory that fails and crashes as the world does."""

import random
from collections.abc import Iterable

from chalicelib.errors import MailRefused, MailThrottled, Unavailable


class Crash(BaseException):
    """The power went: nothing of ours runs any more, not even an `except Exception`."""


class Chaos:
    """Crashes once in a while, before or after any step; `rate` 0 never does."""

    def __init__(self, seed: int = 0, rate: float = 0.0) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - the same failures again for the same seed
        self._rate = rate

    def step(self) -> None:
        if self._draw.random() < self._rate:
            raise Crash

    def happens(self, share: float) -> bool:
        return self._draw.random() < share


class Provider:
    """Takes mails (`mails`, tags in `accepted`), but for those that it throttles, loses, or accepts without a word."""

    def __init__(
        self,
        chaos: Chaos,
        *,
        throttled: float = 0.0,
        before: float = 0.0,
        after: float = 0.0,
        quota: int | None = None,
        refused: Iterable[object] = (),
    ) -> None:
        self.chaos = chaos
        self.accepted: list[str] = []
        self.mails: list[object] = []
        self.shares = (throttled, before, after)
        self.quota = quota
        self.refused = set(refused)

    def send(self, message: object, *, tag: str = "") -> str:
        throttled, before, after = self.shares
        self.chaos.step()
        if self.chaos.happens(throttled) or (self.quota is not None and len(self.accepted) >= self.quota):
            raise MailThrottled("rate")
        if message in self.refused:
            raise MailRefused("address")
        if self.chaos.happens(before):
            raise Unavailable("never arrived, and who knows")
        self.accepted.append(tag)
        self.mails.append(message)
        if self.chaos.happens(after):
            raise Unavailable("accepted, and the answer was lost")
        self.chaos.step()
        return f"id-{tag}"
