"""Daily quotas: how often an account may request the same thing in a day (Europe/Paris)."""

from datetime import date, datetime, timedelta

from chalicelib.services.authentication.counts import quota_count
from chalicelib.store.attempts import AttemptStore, CountingRule

A_DAY = CountingRule(lasts=timedelta(days=2), sliding=False)
"""The day is part of the key; this only says when the count may be deleted."""


def within_quota(what: str, username: str, *, most: int, day: date, attempts: AttemptStore, now: datetime) -> bool:
    """Count one more. Returns False, and counts nothing, when the account had `most` of them that day."""
    return attempts.reserve(quota_count(what, username, day), now=now, below=most, rule=A_DAY) is not None


def remaining_today(what: str, username: str, *, most: int, day: date, attempts: AttemptStore) -> int:
    """Returns how many more requests the account may make that day."""
    (counted,) = attempts.read([quota_count(what, username, day)])
    return max(0, most - counted.failures)
