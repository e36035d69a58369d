"""Exceptions of the portal: refusals with their HTTP status, and failures of AWS or the bank (`Unavailable`).

They carry data, never French sentences or secrets: the handlers choose the words.
"""

from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime


class PortalError(Exception):
    """Base class of refusals, shown to the visitor in French, on a page. A subclass gives its HTTP `status`."""

    suggested_status = 400

    def __init_subclass__(cls, *, status: int | None = None) -> None:
        cls.suggested_status = status or cls.suggested_status


class NothingToSearch(PortalError):
    """Nothing in a search can be looked for: one letter alone, or signs."""


class NotFound(PortalError, status=404):
    """Nothing of that name that this visitor may see."""


class BadRequest(PortalError):
    """Something that no form of the portal sends: broken encoding, repeated or too many fields."""


class CookieLost(PortalError, status=403):
    """A form of the portal came back without its cookies: the browser refuses cookies."""


class UnsupportedMedia(PortalError, status=415):
    """A content type that the form does not send."""


class Forbidden(PortalError, status=403):
    """A request that did not come from a page of the portal (CSRF, foreign origin)."""


class PayloadTooLarge(PortalError, status=413):
    """A body larger than the form accepts."""


class TooManyRequests(PortalError, status=429):
    """One source address asks too often for what costs nothing to ask."""


class SessionExpired(PortalError, status=303):
    """No session, or one that ended: the visitor is led to the sign-in page (303)."""


class SignInRefused(PortalError, status=401):
    """Base class of refused sign-ins.

    `failed_on`, for the log only: « known » or « unknown » as the identifier is, when a password was checked; else "".
    """

    failed_on = ""


@dataclass(eq=False)
class WrongCredentials(SignInRefused):
    """Wrong username or password. `captcha_next`: the next try needs a captcha."""

    _: KW_ONLY
    captcha_next: bool = False


class CaptchaMissing(SignInRefused, status=422):
    """The captcha is due and was not answered: no password was checked, no failure counted."""


class CaptchaMismatch(SignInRefused, status=422):
    """The captcha's answer was wrong, used or too old: no password was checked, no failure counted."""


@dataclass(eq=False)
class AccountLocked(SignInRefused, status=429):
    """Locked after seven failures. `until`: the UTC instant the lock ends."""

    until: datetime


class ActivationExpired(SignInRefused):
    """The activation code is right but expired: the office must print a new one."""


@dataclass(eq=False)
class SourcePaused(SignInRefused, status=429):
    """Too many failures from one source address. `until`: the UTC instant it may try again."""

    until: datetime


@dataclass(eq=False)
class FormRefused(PortalError, status=422):
    """A form with invalid fields. `reasons`: field name → key of the sentence to show beside it."""

    reasons: dict[str, str]


@dataclass(eq=False)
class ValueRefused(PortalError, status=422):
    """A text, typed in a form or written in a file, that is no value of its kind. `reason`: key of the sentence."""

    reason: str


class LinkWorthless(PortalError, status=410):
    """A one-time link that was used, replaced or is expired, or was made for another browser."""


class AlreadyPaid(PortalError, status=409):
    """The invoice has no balance left to pay."""


class AlreadyDecided(PortalError, status=409):
    """The request is not pending any more: the office decided it, or its family withdrew it."""


@dataclass(eq=False)
class InvoiceAwaitsRun(PortalError, status=409):
    """An account needed by a billing run. `number`, `run`: the invoice not issued yet, and its run."""

    number: str
    run: str


@dataclass(eq=False)
class NoticeRejected(PortalError, status=403):
    """A bank notice that is rejected. `reason` is for the log only.

    `unreadable`: the bank's signature is valid but the notice cannot be parsed, so it is stored raw for the régie.
    """

    reason: str
    _: KW_ONLY
    unreadable: bool = False


class NoticeTooLarge(NoticeRejected, status=413):
    """A notice larger than the bank sends."""


class Unavailable(Exception):
    """AWS or the bank failed; raised by the adapter, `from` the original."""

    suggested_status = 503


@dataclass(eq=False)
class MailRefused(Unavailable):
    """This mail can never be sent: its address or its content is refused. `reason` is for the log only."""

    reason: str


class MailThrottled(Unavailable):
    """SES accepts no mail for now (rate, quota, unreachable): nothing was sent, try again later."""


@dataclass(eq=False)
class NumberTaken(PortalError, status=409):
    """An invoice number that already belongs to another account. `owner` is that account's username."""

    owner: str


@dataclass(eq=False)
class RunRefused(PortalError, status=409):
    """An action that the state of a billing run does not allow. `reason` is a key of the command's wording."""

    reason: str


@dataclass(eq=False)
class NotPayable(PortalError, status=409):
    """The invoice cannot be paid by card on the portal. `obstacle` is a domain.invoice.PaymentObstacle."""

    obstacle: str


@dataclass(eq=False)
class MoneyRefused(PortalError, status=409):
    """A movement of money that is not allowed. `reason` is a key of the command's wording.

    `most_cents`: the most that would have been accepted, or is booked already, when that is the reason; `day`: the day
    that is closed, in the future, or before the first one; `numbers`: the invoices among which to choose.
    """

    reason: str
    _: KW_ONLY
    most_cents: int | None = None
    day: date | None = None
    numbers: tuple[str, ...] = ()
