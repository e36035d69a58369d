"""Unlock an account at its family's request, its known devices too; or every account, after an attack.

The count of a known device cannot be found from the account: its name is only in the browser's cookie. So the instant
of the unlocking is stored, and becomes part of the key of such counts.
"""

from datetime import datetime

from chalicelib.domain.sign_in import Attempts
from chalicelib.services.authentication.counts import (
    ACCOUNT_RULE,
    account_count,
    device_lock_count,
    old_password_count,
    unlock_count,
    unlocked_since_count,
)
from chalicelib.store.attempts import AttemptStore

MOST_UNLOCKS = 1000
"""Successive unlockings that are recorded."""


def unlock_account(username: str, *, attempts: AttemptStore, now: datetime) -> Attempts:
    """Clear the failure counts of an account. Returns the one it had."""
    (before,) = attempts.read([account_count(username)])
    attempts.clear(account_count(username))
    attempts.clear(device_lock_count(username))
    attempts.clear(old_password_count(username))
    attempts.reserve(unlock_count(username), now=now, below=MOST_UNLOCKS, rule=ACCOUNT_RULE)
    return before


def unlock_every_account(*, attempts: AttemptStore, now: datetime) -> None:
    """Lift every lock of an account, whichever count holds it, that is older than this instant: by one mark."""
    attempts.reserve(unlocked_since_count(), now=now, below=MOST_UNLOCKS, rule=ACCOUNT_RULE)


def unlocked_since(mark: Attempts, now: datetime) -> datetime | None:
    """Returns the instant of the mark while an older lock may stand, else None.

    One of the future is that of a computer whose clock is ahead: it would lift what is yet to be counted.
    """
    lifted = mark.last_failed_at
    return lifted if lifted and lifted <= now and mark.fresh(now) else None
