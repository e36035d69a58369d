"""What is counted, in words; it is kept under keyed hashes, which tell nobody's identifier, address or e-mail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
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
from chalicelib.services.authentication.activation_code import code_expired
from chalicelib.services.authentication.hashing import keyed
from chalicelib.store.accounts import AccountStore
from chalicelib.store.attempts import AttemptStore, Rule


def names_under(keys: Sequence[bytes]) -> Callable[[Count], list[str]]:
    """The hashes under which a count may be kept, one a generation of the key, the current one first."""
    return lambda count: [keyed(key, *count) for key in keys]


def account_count(username: str) -> Count:
    """Failed sign-ins of an account, known or not."""
    return "account", username


def device_count(username: str, device: str) -> Count:
    """Failed sign-ins from a browser that signed in to this account before."""
    return "device", username, device


def unlocking(username: str) -> Count:
    """The desk's last unlocking of an account, which no count outlives."""
    return "unlocking", username


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


OF_ACCOUNT = Rule(lasts=LOCK_DURATION, sliding=True)
OF_SOURCE = Rule(lasts=SOURCE_WINDOW, sliding=False)


@dataclass(frozen=True)
class Counters:
    """What a try counts for, and how much a source address may fail in its window."""

    account: Count
    source: Count
    source_captcha_after: int
    source_pause_after: int


@dataclass(frozen=True)
class Proof:
    """How a password or an activation code is judged; each takes the same time whatever the account."""

    password: Callable[[str | None], bool]
    code: Callable[[Account], bool]


def sign_in(
    username: str,
    *,
    proof: Proof,
    captcha_solved: Callable[[], bool | None],
    counters: Counters,
    accounts: AccountStore,
    attempts: AttemptStore,
    clock: Clock,
) -> Account:
    """The account whose password, or whose activation code while it was never opened, was proved.

    `captcha_solved` answers None when nothing was typed; it is asked only when the text of control is due.
    Raises AccountLocked, SourcePaused, CaptchaMissing, CaptchaMismatch (nothing counted), WrongCredentials or
    ActivationExpired (counted).
    """
    failures, of_source = _reserve(captcha_solved, counters=counters, attempts=attempts, now=clock())
    account = accounts.find(username)
    known = proof.password(account.password_hash if account else None)
    if account and not account.opened:
        known = proof.code(account)
    if account is None or not known:
        raise _refusal(failures, captcha_next=of_source > counters.source_captcha_after, now=clock())
    if not account.opened and code_expired(account, day_in_paris(clock())):
        raise ActivationExpired
    attempts.clear(counters.account)
    attempts.release(counters.source)
    return account


def _reserve(
    captcha_solved: Callable[[], bool | None], *, counters: Counters, attempts: AttemptStore, now: datetime
) -> tuple[int, int]:
    """Count this try on the account, then on its source; answers how many each has now."""
    of_account, of_source = attempts.read([counters.account, counters.source])
    _refuse_waiting(of_account, of_source, counters=counters, now=now)
    solved = False
    if of_account.captcha_due(now) or _source_failures(of_source, now) > counters.source_captcha_after:
        solved = _require(captcha_solved())
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


def _refuse_waiting(of_account: Attempts, of_source: Attempts, *, counters: Counters, now: datetime) -> None:
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
