"""Exceptions of the portal: refusals with their HTTP status, and failures of AWS or the bank (`Unavailable`).

They carry data, never French sentences or secrets: the handlers choose the words.
"""

from dataclasses import KW_ONLY, dataclass
from datetime import datetime


class PortalError(Exception):
    """Base class of refusals, shown to the visitor in French, on a page."""

    suggested_status = 400


class NotFound(PortalError):
    """Nothing of that name that this visitor may see."""

    suggested_status = 404


class BadRequest(PortalError):
    """Something that no form of the portal sends: broken encoding, repeated or too many fields."""


class CookieLost(PortalError):
    """A form of the portal came back without its cookies: the browser refuses cookies."""

    suggested_status = 403


class UnsupportedMedia(PortalError):
    """A content type that the form does not send."""

    suggested_status = 415


class Forbidden(PortalError):
    """A request that did not come from a page of the portal (CSRF, foreign origin)."""

    suggested_status = 403


class PayloadTooLarge(PortalError):
    """A body larger than the form accepts."""

    suggested_status = 413


class SessionExpired(PortalError):
    """No session, or one that ended: the visitor is led to the sign-in page (303)."""

    suggested_status = 303


class SignInRefused(PortalError):
    """Base class of refused sign-ins."""

    suggested_status = 401


@dataclass(eq=False)
class WrongCredentials(SignInRefused):
    """Wrong username or password. `captcha_next`: the next try needs a captcha."""

    _: KW_ONLY
    captcha_next: bool = False


class CaptchaMissing(SignInRefused):
    """The captcha is due and was not answered: no password was checked, no failure counted."""

    suggested_status = 422


class CaptchaMismatch(SignInRefused):
    """The captcha's answer was wrong, used or too old: no password was checked, no failure counted."""

    suggested_status = 422


@dataclass(eq=False)
class AccountLocked(SignInRefused):
    """Locked after seven failures. `until`: the UTC instant the lock ends."""

    suggested_status = 429

    until: datetime


class ActivationExpired(SignInRefused):
    """The activation code is right but expired: the office must print a new one."""


@dataclass(eq=False)
class SourcePaused(SignInRefused):
    """Too many failures from one source address. `until`: the UTC instant it may try again."""

    suggested_status = 429

    until: datetime


@dataclass(eq=False)
class FormRefused(PortalError):
    """A form with invalid fields. `reasons`: field name → key of the sentence to show beside it."""

    suggested_status = 422

    reasons: dict[str, str]


class LinkWorthless(PortalError):
    """A one-time link that was used, replaced or is expired, or was made for another browser."""

    suggested_status = 410


class AlreadyPaid(PortalError):
    """The invoice has no balance left to pay."""

    suggested_status = 409


class AlreadyDecided(PortalError):
    """The request is not pending any more: the office decided it, or its family withdrew it."""

    suggested_status = 409


@dataclass(eq=False)
class InvoiceAwaitsRun(PortalError):
    """An account needed by a billing run. `number`, `run`: the invoice not issued yet, and its run."""

    suggested_status = 409

    number: str
    run: str


@dataclass(eq=False)
class NoticeRejected(PortalError):
    """A bank notice that is rejected. `reason` is for the log only.

    `unreadable`: the bank's signature is valid but the notice cannot be parsed, so it is stored raw for the régie.
    """

    suggested_status = 403

    reason: str
    _: KW_ONLY
    unreadable: bool = False


class NoticeTooLarge(NoticeRejected):
    """A notice larger than the bank sends."""

    suggested_status = 413


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
class NumberTaken(PortalError):
    """An invoice number that already belongs to another account. `owner` is that account's username."""

    suggested_status = 409

    owner: str


@dataclass(eq=False)
class RunRefused(PortalError):
    """An action that the state of a billing run does not allow. `reason` is a key of the command's wording."""

    suggested_status = 409

    reason: str


@dataclass(eq=False)
class NotPayable(PortalError):
    """The invoice cannot be paid by card on the portal. `obstacle` is a domain.invoice.PaymentObstacle."""

    suggested_status = 409

    obstacle: str


@dataclass(eq=False)
class MoneyRefused(PortalError):
    """A movement of money that is not allowed. `reason` is a key of the command's wording.

    `most_cents`: the most that would have been accepted, or is booked already, when that is the reason.
    """

    suggested_status = 409

    reason: str
    _: KW_ONLY
    most_cents: int | None = None
