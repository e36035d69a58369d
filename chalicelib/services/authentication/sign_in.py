"""Sign-in: lockout, captcha, and the check of the password or activation code.

Attempts are counted before the password is checked, account first; what is refused earlier (lockout, captcha) checks
and counts nothing. An unknown identifier goes through every step of a known one. Counts are stored under keyed hashes,
which reveal no identifier, address or e-mail.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from chalicelib.clock import Clock
from chalicelib.domain.account import USERNAME, Account
from chalicelib.domain.sign_in import CAPTCHA_FROM_ATTEMPT, LOCK_AFTER_FAILURES, LOCK_DURATION
from chalicelib.errors import AccountLocked, ActivationExpired, SignInRefused, WrongCredentials
from chalicelib.formats import day_in_paris
from chalicelib.services.authentication.activation_code import code_expired, is_activation_code
from chalicelib.services.authentication.captcha import Captcha, CaptchaAnswer, check_answer
from chalicelib.services.authentication.counts import (
    ACCOUNT_RULE,
    SOURCE_RULE,
    account_count,
    device_lock_count,
    source_count,
)
from chalicelib.services.authentication.hashing import PasswordHashing
from chalicelib.services.authentication.known_devices import device_count_of
from chalicelib.services.authentication.reservation import Counters, Reserved, captcha_of_source, reserve_attempt
from chalicelib.services.authentication.town_failures import count_town_failure
from chalicelib.stage_settings import Secrets, Settings
from chalicelib.store.attempts import AttemptStore
from chalicelib.stores import Stores

NO_ACCOUNT = "?"
"""No account has this identifier; it is looked up in place of malformed ones, so that timing tells nothing."""

MOST_DEVICE_LOCKS = 1000
"""Lockings of known devices in a row that are recorded; the last one counts."""


@dataclass(frozen=True)
class SignInAttempt:
    """What was typed on the sign-in form, and where it came from.

    `password` is the password, or the activation code of an account that was never opened. `device` is the value of the
    known device's cookie, empty for a browser that never signed in. `source` is an IP address.
    """

    username: str
    password: str = field(repr=False)
    captcha: CaptchaAnswer
    device: str
    source: str


def sign_in(
    attempt: SignInAttempt, *, hashing: PasswordHashing, secrets: Secrets, settings: Settings, captcha: Captcha,
    stores: Stores, clock: Clock,
) -> Account:  # fmt: skip
    """Returns the account whose password, or whose activation code while it was never opened, was typed.

    The captcha is checked only when it is due. Raises AccountLocked, SourcePaused, CaptchaMissing, CaptchaMismatch
    (nothing counted), WrongCredentials or ActivationExpired (counted).
    """
    counters = _counters(attempt, secrets=secrets, settings=settings, stores=stores, clock=clock)
    solves = partial(
        check_answer, attempt.captcha, captcha=captcha, keys=secrets.csrf, tickets=stores.tickets, clock=clock
    )
    reserved = reserve_attempt(solves, counters=counters, attempts=stores.attempts, now=clock())
    account = stores.accounts.find(attempt.username if USERNAME.fullmatch(attempt.username) else NO_ACCOUNT)
    stored = account.password_hash if account else None
    # bcrypt runs for an account that is unknown or was never opened as well: timing tells nothing.
    known = hashing.check(attempt.password, stored)
    if account and stored is None:
        known = is_activation_code(attempt.password, account, keys=secrets.activation)
    if account is None or not known:
        of_town = _count_failure(
            attempt.username, reserved, counters, most=settings.town_failures, attempts=stores.attempts, now=clock()
        )
        captcha_next = (of_town and not counters.known) or captcha_of_source(reserved.source, counters)
        raise _refusal(reserved.account, captcha_next=captcha_next, unknown=account is None, now=clock())
    if stored is None and code_expired(account, day_in_paris(clock())):
        raise ActivationExpired
    stores.attempts.clear(counters.account)
    stores.attempts.release(counters.source)
    return account


def _counters(
    attempt: SignInAttempt, *, secrets: Secrets, settings: Settings, stores: Stores, clock: Clock
) -> Counters:
    """Returns the counts to use. A known device has a count of its own: others cannot lock it out."""
    keys, attempts = secrets.counting, stores.attempts
    device_count = (
        device_count_of(attempt.device, attempt.username, keys=keys, attempts=attempts, now=clock())
        if attempt.device
        else None
    )
    return Counters(
        account=device_count or account_count(attempt.username),
        source=source_count(attempt.source),
        captcha_after=settings.source_captcha,
        pause_after=settings.source_pause,
    )


def _count_failure(
    username: str, reserved: Reserved, counters: Counters, *, most: int, attempts: AttemptStore, now: datetime
) -> bool:
    """Write what a failure begins: a pause, a lock of a known device. Returns whether the town is under attack."""
    if reserved.source == counters.pause_after:
        attempts.restart(counters.source, now=now, rule=SOURCE_RULE)
    if reserved.account >= LOCK_AFTER_FAILURES and counters.known:
        # Noted on the account: the office, who sees no cookie, would not find the count.
        locked = device_lock_count(counters.account[1])
        attempts.reserve(locked, now=now, below=MOST_DEVICE_LOCKS, rule=ACCOUNT_RULE)
    return count_town_failure(username, most=most, until=reserved.before.town_until, attempts=attempts, now=now)


def _refusal(failures: int, *, captcha_next: bool, unknown: bool, now: datetime) -> SignInRefused:
    """Returns the refusal: the seventh failure raises the lockout at once, as the guide says."""
    refusal: SignInRefused
    if failures >= LOCK_AFTER_FAILURES:
        refusal = AccountLocked(now + LOCK_DURATION)
    else:
        refusal = WrongCredentials(captcha_next=captcha_next or failures + 1 >= CAPTCHA_FROM_ATTEMPT)
    refusal.failed_on = "unknown" if unknown else "known"
    return refusal
