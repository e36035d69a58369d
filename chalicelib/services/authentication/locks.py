"""What locks an account, whichever count holds it: anybody's failures, a known device's, or the old password's."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.sign_in import LOCK_DURATION, Attempts, Count
from chalicelib.services.authentication.counts import (
    account_count,
    device_lock_count,
    old_password_count,
    unlocked_since_count,
)
from chalicelib.services.authentication.unlock import unlocked_since
from chalicelib.store.attempts import AttemptStore


class LockedBy(StrEnum):
    """What is refused until the lock ends."""

    SIGN_IN = "SIGN_IN"
    DEVICE = "DEVICE"
    """Signing in from a browser that the account knows."""

    OLD_PASSWORD = "OLD_PASSWORD"  # noqa: S105 - the name of a lock
    """Changing the password of a session that stays open."""


class Lock(NamedTuple):
    """A lock and the UTC instant at which it ends."""

    by: LockedBy
    until: datetime


def lock_counts(username: str) -> tuple[Count, ...]:
    """Returns the counts that may lock an account, in the order of LockedBy, then the mark that lifts them."""
    locks = account_count(username), device_lock_count(username), old_password_count(username)
    return *locks, unlocked_since_count()


def locks_of(attempts: Sequence[Attempts], now: datetime) -> tuple[Lock, ...]:
    """Returns the locks in force; `attempts`: those of `lock_counts`."""
    return tuple(_locks(attempts, now))


def _locks(attempts: Sequence[Attempts], now: datetime) -> Iterator[Lock]:
    *held, mark = attempts
    since = unlocked_since(mark, now)
    for by, counted in zip(LockedBy, (one.unless_lifted(since) for one in held), strict=True):
        if by is LockedBy.DEVICE:
            # Each is the seventh failure of some known device: the last one ends last.
            until = counted.last_failed_at + LOCK_DURATION if counted.last_failed_at and counted.fresh(now) else None
        else:
            until = counted.locked_until(now)
        if until:
            yield Lock(by, until)


def current_locks(username: str, *, attempts: AttemptStore, now: datetime) -> tuple[Lock, ...]:
    """Returns the locks of one account, in one round trip."""
    return locks_of(attempts.read(lock_counts(username)), now)
