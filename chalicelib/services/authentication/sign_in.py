"""Sign-in: lockout, captcha, and the check of the password or activation code.

Attempts are counted before the password is checked, account first; what is refused earlier (lockout, captcha) checks
and counts nothing. An unknown identifier goes through every step of a known one. Counts are stored under keyed hashes,
which reveal no identifier, address or e-mail.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from chalicelib.clock import Clock
from chalicelib.domain.account import USERNAME, Account
from chalicelib.domain.sign_in import (
    CAPTCHA_FROM_ATTEMPT,
    LOCK_AFTER_FAILURES,
    LOCK_DURATION,
    SOURCE_WINDOW,
    Attempts,
    Count,
)
from chalicelib.errors import (
    AccountLocked,
    ActivationExpired,
    CaptchaMismatch,
    CaptchaMissing,
    SignInRefused,
    SourcePaused,
    WrongCredentials,
)
from chalicelib.formats import day_in_paris
from chalicelib.services.authentication.activation_code import code_expired, is_activation_code
from chalicelib.services.authentication.captcha import Captcha, CaptchaAnswer, check_answer
from chalicelib.services.authentication.counts import (
    ACCOUNT_RULE,
    SOURCE_RULE,
    account_count,
    device_lock_count,
    is_device_count,
    source_count,
)
from chalicelib.services.authentication.hashing import PasswordHashing
from chalicelib.services.authentication.known_devices import device_count_of
from chalicelib.stage_settings import Secrets, Settings
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


@dataclass(frozen=True)
class _Counters:
    """The counts of an attempt, and how many failures a source address may have in its window."""

    account: Count
    source: Count
    source_captcha_after: int
    source_pause_after: int


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
    failures, of_source = _reserve(solves, counters=counters, stores=stores, now=clock())
    account = stores.accounts.find(attempt.username if USERNAME.fullmatch(attempt.username) else NO_ACCOUNT)
    stored = account.password_hash if account else None
    # bcrypt runs for an account that is unknown or was never opened as well: timing tells nothing.
    known = hashing.check(attempt.password, stored)
    if account and stored is None:
        known = is_activation_code(attempt.password, account, keys=secrets.activation)
    if account is None or not known:
        _record_device_lock(counters.account, failures, stores=stores, now=clock())
        raise _refusal(failures, captcha_next=of_source > counters.source_captcha_after, now=clock())
    if stored is None and code_expired(account, day_in_paris(clock())):
        raise ActivationExpired
    stores.attempts.clear(counters.account)
    stores.attempts.release(counters.source)
    return account


def _counters(
    attempt: SignInAttempt, *, secrets: Secrets, settings: Settings, stores: Stores, clock: Clock
) -> _Counters:
    """Returns the counts to use. A known device has a count of its own: others cannot lock it out."""
    keys, attempts = secrets.counting, stores.attempts
    device_count = (
        device_count_of(attempt.device, attempt.username, keys=keys, attempts=attempts, now=clock())
        if attempt.device
        else None
    )
    return _Counters(
        account=device_count or account_count(attempt.username),
        source=source_count(attempt.source),
        source_captcha_after=settings.source_captcha_after,
        source_pause_after=settings.source_pause_after,
    )


def _reserve(
    solves: Callable[[], bool | None], *, counters: _Counters, stores: Stores, now: datetime
) -> tuple[int, int]:
    """Count this attempt on the account, then on its source. Returns the failures of each, this one included."""
    attempts = stores.attempts
    of_account, of_source = attempts.read([counters.account, counters.source])
    _refuse_waiting(of_account, of_source, counters=counters, now=now)
    solved = False
    if of_account.captcha_due(now) or _source_failures(of_source, now) > counters.source_captcha_after:
        solved = _require(solves())
    below = LOCK_AFTER_FAILURES if solved else CAPTCHA_FROM_ATTEMPT - 1
    counted = attempts.reserve(counters.account, now=now, below=below, rule=ACCOUNT_RULE)
    if counted is None:
        # A concurrent attempt took the last place: its outcome decides, and this one checks nothing.
        _refuse_waiting(*attempts.read([counters.account, counters.source]), counters=counters, now=now)
        raise CaptchaMissing
    from_source = attempts.reserve(
        counters.source,
        now=now,
        below=counters.source_pause_after if solved else counters.source_captcha_after + 1,
        rule=SOURCE_RULE,
    )
    if from_source is None:
        attempts.release(counters.account)
        raise CaptchaMissing
    return counted.failures, from_source.failures


def _require(solved: bool | None) -> bool:
    if solved is None:
        raise CaptchaMissing
    if not solved:
        raise CaptchaMismatch
    return True


def _refuse_waiting(of_account: Attempts, of_source: Attempts, *, counters: _Counters, now: datetime) -> None:
    until = of_account.locked_until(now)
    if until:
        raise AccountLocked(until)
    if _source_failures(of_source, now) >= counters.source_pause_after and of_source.last_failed_at:
        raise SourcePaused(of_source.last_failed_at + SOURCE_WINDOW)


def _source_failures(of_source: Attempts, now: datetime) -> int:
    window_began = of_source.last_failed_at
    return of_source.failures if window_began and now - window_began < SOURCE_WINDOW else 0


def _refusal(failures: int, *, captcha_next: bool, now: datetime) -> SignInRefused:
    """Returns the refusal: the seventh failure raises the lockout at once, as the guide says."""
    if failures >= LOCK_AFTER_FAILURES:
        return AccountLocked(now + LOCK_DURATION)
    return WrongCredentials(captcha_next=captcha_next or failures + 1 >= CAPTCHA_FROM_ATTEMPT)


def _record_device_lock(count: Count, failures: int, *, stores: Stores, now: datetime) -> None:
    """Note on the account that a known device is locked: the office, who sees no cookie, would not find its count."""
    if failures >= LOCK_AFTER_FAILURES and is_device_count(count):
        stores.attempts.reserve(device_lock_count(count[1]), now=now, below=MOST_DEVICE_LOCKS, rule=ACCOUNT_RULE)
