"""Sign in, or say why not.

Tries are counted before the password is looked at, account first; what is refused earlier evaluates nothing and counts
for nothing. An unknown identifier takes every step of a known one. Counts are kept under keyed hashes, which tell
nobody's identifier, address or e-mail.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

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
from chalicelib.services.authentication.captcha import Captcha, CaptchaAnswer, is_answer
from chalicelib.services.authentication.hashing import PasswordHashing, keyed
from chalicelib.services.authentication.known_devices import device_count_of
from chalicelib.stage_settings import Secrets, Settings
from chalicelib.store.attempts import Rule
from chalicelib.stores import Stores


def names_under(keys: Sequence[bytes]) -> Callable[[Count], list[str]]:
    """The hashes under which a count may be kept, one a generation of the key, the current one first."""
    return lambda count: [keyed(key, *count) for key in keys]


def account_count(username: str) -> Count:
    """Failed sign-ins of an account, known or not."""
    return "account", username


def source_count(source: str) -> Count:
    """Failed sign-ins from an address, whatever the account."""
    return "source", source


def old_password_count(username: str) -> Count:
    """Wrong *ancien mot de passe* of a family that is signed in: the sign-in's own count is left alone."""
    return "old-password", username


def reminder_count(email: str) -> Count:
    """Mails of forgotten identifiers to an address."""
    return "reminder", email


def quota_count(what: str, username: str, day: date) -> Count:
    """What an account asked for in a day of the town's."""
    return "quota", what, username, day.isoformat()


NO_ACCOUNT = "?"
"""No account has this identifier: what cannot be one is looked up all the same, so that it differs in nothing."""

OF_ACCOUNT = Rule(lasts=LOCK_DURATION, sliding=True)
OF_SOURCE = Rule(lasts=SOURCE_WINDOW, sliding=False)


@dataclass(frozen=True)
class SignInAttempt:
    """What was typed on the sign-in form, and where it came from.

    `password` is the password, or the activation code of an account that was never opened. `device` is the value of the
    known device's cookie, empty for a browser that never signed in. `source` is an IP address.
    """

    username: str
    password: str
    captcha: CaptchaAnswer
    device: str
    source: str


@dataclass(frozen=True)
class _Counters:
    """What a try counts for, and how much a source address may fail in its window."""

    account: Count
    source: Count
    source_captcha_after: int
    source_pause_after: int


def sign_in(
    tried: SignInAttempt, *, hashing: PasswordHashing, secrets: Secrets, settings: Settings, captcha: Captcha,
    stores: Stores, clock: Clock,
) -> Account:  # fmt: skip
    """Returns the account whose password, or whose activation code while it was never opened, was typed.

    The captcha is judged only when it is due. Raises AccountLocked, SourcePaused, CaptchaMissing, CaptchaMismatch
    (nothing counted), WrongCredentials or ActivationExpired (counted).
    """
    counters = _counters(tried, secrets=secrets, settings=settings, stores=stores, clock=clock)
    failures, of_source = _reserve(tried.captcha, counters=counters, captcha=captcha, stores=stores, clock=clock)
    account = stores.accounts.find(tried.username if USERNAME.fullmatch(tried.username) else NO_ACCOUNT)
    stored = account.password_hash if account else None
    # bcrypt takes its time for an account that is unknown, or was never opened, as for another.
    known = hashing.check(tried.password, stored)
    if account and stored is None:
        known = is_activation_code(tried.password, account, keys=secrets.activation)
    if account is None or not known:
        raise _refusal(failures, captcha_next=of_source > counters.source_captcha_after, now=clock())
    if stored is None and code_expired(account, day_in_paris(clock())):
        raise ActivationExpired
    stores.attempts.clear(counters.account)
    stores.attempts.release(counters.source)
    return account


def _counters(tried: SignInAttempt, *, secrets: Secrets, settings: Settings, stores: Stores, clock: Clock) -> _Counters:
    """A browser that signed in to this account before has a count of its own: a stranger cannot lock it out."""
    keys, attempts = secrets.counting, stores.attempts
    own = (
        device_count_of(tried.device, tried.username, keys=keys, attempts=attempts, now=clock())
        if tried.device
        else None
    )
    return _Counters(
        account=own or account_count(tried.username),
        source=source_count(tried.source),
        source_captcha_after=settings.source_captcha_after,
        source_pause_after=settings.source_pause_after,
    )


def _reserve(
    answer: CaptchaAnswer, *, counters: _Counters, captcha: Captcha, stores: Stores, clock: Clock
) -> tuple[int, int]:
    """Count this try on the account, then on its source. Returns how many each has now."""
    attempts, now = stores.attempts, clock()
    of_account, of_source = attempts.read([counters.account, counters.source])
    _refuse_waiting(of_account, of_source, counters=counters, now=now)
    solved = False
    if of_account.captcha_due(now) or _source_failures(of_source, now) > counters.source_captcha_after:
        solved = _require(is_answer(answer, captcha=captcha, tickets=stores.tickets, clock=clock))
    below = LOCK_AFTER_FAILURES if solved else CAPTCHA_FROM_ATTEMPT - 1
    counted = attempts.reserve(counters.account, now=now, below=below, rule=OF_ACCOUNT)
    if counted is None:
        # Another try came in between: what it left decides, and this one evaluated nothing.
        _refuse_waiting(*attempts.read([counters.account, counters.source]), counters=counters, now=now)
        raise CaptchaMissing
    from_source = attempts.reserve(
        counters.source,
        now=now,
        below=counters.source_pause_after if solved else counters.source_captcha_after + 1,
        rule=OF_SOURCE,
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
    begun = of_source.last_failed_at
    return of_source.failures if begun and now - begun < SOURCE_WINDOW else 0


def _refusal(failures: int, *, captcha_next: bool, now: datetime) -> SignInRefused:
    """The seventh failure answers the lock itself, as the guide says."""
    if failures >= LOCK_AFTER_FAILURES:
        return AccountLocked(now + LOCK_DURATION)
    return WrongCredentials(captcha_next=captcha_next or failures + 1 >= CAPTCHA_FROM_ATTEMPT)
