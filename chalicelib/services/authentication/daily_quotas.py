"""How often a family may ask for the same thing in a day of the town's."""

from datetime import date, datetime, timedelta

from chalicelib.services.authentication.sign_in import quota_count
from chalicelib.store.attempts import AttemptStore, Rule

A_DAY = Rule(lasts=timedelta(days=2), sliding=False)
"""The day is in the key; this only says when the count may be swept."""


def within_quota(what: str, username: str, *, most: int, day: date, attempts: AttemptStore, now: datetime) -> bool:
    """Count one more; False, and nothing counted, when the account had `most` of them that day."""
    return attempts.reserve(quota_count(what, username, day), now=now, below=most, rule=A_DAY) is not None


def left_today(what: str, username: str, *, most: int, day: date, attempts: AttemptStore) -> int:
    """How many more the account may ask for that day."""
    (asked,) = attempts.read([quota_count(what, username, day)])
    return max(0, most - asked.failures)
