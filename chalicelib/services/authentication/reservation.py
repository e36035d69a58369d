"""A try is counted before its password is checked: on its account, then on its source address.

One read says all that is known before: both counts, whether the town is under attack, since when locks are lifted. A
browser that signed in to the account before is counted apart: what others do from its address, or to the town, asks
nothing of it. A captcha opens no more than the room between its threshold and the lock, or the pause.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.sign_in import CAPTCHA_FROM_ATTEMPT, LOCK_AFTER_FAILURES, SOURCE_WINDOW, Attempts, Count
from chalicelib.errors import AccountLocked, CaptchaMismatch, CaptchaMissing, SourcePaused
from chalicelib.services.authentication.counts import (
    ACCOUNT_RULE,
    SOURCE_RULE,
    is_device_count,
    town_captcha_count,
    unlocked_since_count,
)
from chalicelib.services.authentication.town_failures import town_captcha_until
from chalicelib.services.authentication.unlock import unlocked_since
from chalicelib.store.attempts import AttemptStore

NO_LIMIT = 10**9
"""Failures that nothing has: for a limit that is off."""


@dataclass(frozen=True)
class Counters:
    """The counts of a try, and how many failures its source address may have in its window (0: any)."""

    account: Count
    source: Count
    captcha_after: int
    pause_after: int

    @property
    def known(self) -> bool:
        """Whether the browser signed in to the account before."""
        return is_device_count(self.account)

    def source_room(self, *, solved: bool) -> int:
        """Returns the failures that the source must have fewer than."""
        limits = (self.pause_after,) if solved else (self.pause_after, self.captcha_after)
        return NO_LIMIT if self.known else min(limit or NO_LIMIT for limit in limits)


@dataclass(frozen=True)
class Standing:
    """What is known before a try: the failures that count, until when the town is under attack, the last lifting."""

    account: Attempts
    source_failures: int
    source_at: datetime | None
    town_until: datetime | None
    since: datetime | None


@dataclass(frozen=True)
class Reserved:
    """The failures of the account and of the source, this try included, and what was known before it."""

    account: int
    source: int
    before: Standing


def read_standing(counters: Counters, *, attempts: AttemptStore, now: datetime) -> Standing:
    """Returns what is known before a try, in one round trip."""
    wanted = [counters.account, counters.source, town_captcha_count(), unlocked_since_count()]
    account, source, flag, lifted = attempts.read(wanted)
    since, began = unlocked_since(lifted, now), source.last_failed_at
    return Standing(
        account=account.unless_lifted(since),
        source_failures=source.failures if began and now - began < SOURCE_WINDOW else 0,
        source_at=began,
        town_until=town_captcha_until(flag, now),
        since=since,
    )


def reserve_attempt(
    solves: Callable[[], bool | None], *, counters: Counters, attempts: AttemptStore, now: datetime
) -> Reserved:
    """Count a try; `solves` says whether its captcha was answered right, None when it was not answered.

    Raises AccountLocked, SourcePaused, CaptchaMissing or CaptchaMismatch, with nothing counted.
    """
    before = read_standing(counters, attempts=attempts, now=now)
    _refuse_waiting(before, counters, now)
    solved = _captcha_due(before, counters, now) and _require(solves())
    below = LOCK_AFTER_FAILURES if solved else CAPTCHA_FROM_ATTEMPT - 1
    counted = attempts.reserve(counters.account, now=now, below=below, rule=ACCOUNT_RULE, since=before.since)
    room = counters.source_room(solved=solved)
    source = attempts.reserve(counters.source, now=now, below=room, rule=SOURCE_RULE) if counted else None
    if counted is None or source is None:
        # A concurrent attempt took the last place: its outcome decides, and this one checks nothing.
        if counted:
            attempts.release(counters.account)
        _refuse_waiting(read_standing(counters, attempts=attempts, now=now), counters, now)
        raise CaptchaMissing
    return Reserved(counted.failures, source.failures, before)


def captcha_of_source(failures: int, counters: Counters) -> bool:
    """Returns whether a source with these failures meets the captcha."""
    return not counters.known and 0 < counters.captcha_after <= failures


def _captcha_due(before: Standing, counters: Counters, now: datetime) -> bool:
    of_town = before.town_until is not None and not counters.known
    return before.account.captcha_due(now) or of_town or captcha_of_source(before.source_failures, counters)


def _require(solved: bool | None) -> bool:
    if solved is None:
        raise CaptchaMissing
    if not solved:
        raise CaptchaMismatch
    return True


def _refuse_waiting(standing: Standing, counters: Counters, now: datetime) -> None:
    until = standing.account.locked_until(now)
    if until:
        raise AccountLocked(until)
    paused = not counters.known and 0 < counters.pause_after <= standing.source_failures
    if paused and standing.source_at:
        raise SourcePaused(standing.source_at + SOURCE_WINDOW)
