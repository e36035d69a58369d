"""Sign-in limits: captcha from the third try, 15-minute lock after the seventh failure.

Guide: « A partir de la troisième tentative de connexion […] vous serez invité à retaper un texte » and « Vous avez fait
sept tentatives de connexion, votre compte a été bloqué, veuillez réessayer après un délai de 15mn ».
"""

from datetime import datetime, timedelta

from chalicelib.domain.models import Model

CAPTCHA_FROM_ATTEMPT = 3
LOCK_AFTER_FAILURES = 7
LOCK_DURATION = timedelta(minutes=15)
"""A count expires this long after its last failure; with the seventh, that is the fixed end of the lock."""

SOURCE_WINDOW = timedelta(minutes=5)
"""Failures of one source address are counted over this window, from its first failure; a pause lasts as long."""

TOWN_MINUTES = 5
"""Failures of the whole town are counted over this minute and those before it, as many in all."""

TOWN_CAPTCHA_LASTS = timedelta(minutes=5)
"""From the failure that is one too many for the town, or from the last one that still is."""

Count = tuple[str, ...]
"""The key of a count: « account », « dupont »."""


class Attempts(Model):
    """Failed tries in a row of one account, one source address or one known device, at a given instant."""

    failures: int = 0
    last_failed_at: datetime | None = None

    def unless_lifted(self, since: datetime | None) -> "Attempts":
        """Returns the count, none at all if the office lifted every lock after its last failure."""
        lifted = since and self.last_failed_at and self.last_failed_at <= since
        return Attempts() if lifted else self

    def fresh(self, now: datetime) -> bool:
        """Whether the count has not expired: TTL deletes late, so expiry is checked here."""
        return self.last_failed_at is not None and now - self.last_failed_at < LOCK_DURATION

    def locked_until(self, now: datetime) -> datetime | None:
        """Returns the UTC instant at which the lock ends, or None when there is no lock."""
        if self.failures < LOCK_AFTER_FAILURES or not self.fresh(now) or self.last_failed_at is None:
            return None
        return self.last_failed_at + LOCK_DURATION

    def captcha_due(self, now: datetime) -> bool:
        """Whether the next try is the third or later."""
        return self.fresh(now) and self.failures + 1 >= CAPTCHA_FROM_ATTEMPT
