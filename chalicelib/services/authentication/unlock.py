"""Unlocking an account at its family's request: its counts are forgotten, those of its own browsers too.

A browser that signed in before keeps a count that nobody can find again from the account: its name is in the browser's
own cookie. So the instant of the unlocking is noted, and while it matters such counts start anew.
"""

from datetime import datetime

from chalicelib.domain.sign_in import Attempts
from chalicelib.services.authentication.known_devices import unlocking
from chalicelib.services.authentication.sign_in import OF_ACCOUNT, account_count, old_password_count
from chalicelib.store.attempts import AttemptStore

MOST = 1000
"""Unlockings in a row that are told apart."""


def unlock_account(username: str, *, attempts: AttemptStore, now: datetime) -> Attempts:
    """Forget the failures of an account; answers those it had."""
    (had,) = attempts.read([account_count(username)])
    attempts.clear(account_count(username))
    attempts.clear(old_password_count(username))
    attempts.reserve(unlocking(username), now=now, below=MOST, rule=OF_ACCOUNT)
    return had
