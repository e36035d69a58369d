"""*Changer mon mot de passe*: check the old password, with a lockout counter of its own."""

from datetime import datetime

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.sign_in import LOCK_AFTER_FAILURES, LOCK_DURATION, Count
from chalicelib.errors import AccountLocked, WrongCredentials
from chalicelib.services.authentication.counts import ACCOUNT_RULE, old_password_count, unlocked_since_count
from chalicelib.services.authentication.hashing import PasswordHashing
from chalicelib.services.authentication.unlock import unlocked_since
from chalicelib.store.attempts import AttemptStore


def check_old_password(
    account: Account, typed: str, *, hashing: PasswordHashing, attempts: AttemptStore, clock: Clock
) -> None:
    """Check the old password. The attempt is counted first, so that parallel attempts are limited to seven as well.

    Raises WrongCredentials, or AccountLocked at the seventh failure and for fifteen minutes. Sessions stay open.
    """
    now, count = clock(), old_password_count(account.username)
    failures = _reserve(count, attempts=attempts, now=now)
    if hashing.check(typed, account.password_hash):
        attempts.clear(count)
    elif failures >= LOCK_AFTER_FAILURES:
        raise AccountLocked(now + LOCK_DURATION)
    else:
        raise WrongCredentials


def _reserve(count: Count, *, attempts: AttemptStore, now: datetime) -> int:
    """Returns the failures, this attempt included. Raises AccountLocked, unless the office lifted that lock since."""
    counted = attempts.reserve(count, now=now, below=LOCK_AFTER_FAILURES, rule=ACCOUNT_RULE)
    if counted is None:
        locked, mark = attempts.read([count, unlocked_since_count()])
        since = unlocked_since(mark, now)
        if since:
            counted = attempts.reserve(count, now=now, below=LOCK_AFTER_FAILURES, rule=ACCOUNT_RULE, since=since)
        if counted is None:
            raise AccountLocked(locked.locked_until(now) or now + LOCK_DURATION)
    return counted.failures
