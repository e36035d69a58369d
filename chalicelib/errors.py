"""Everything the portal may refuse, with the HTTP status that suits it; and what the world outside may fail at.

Exceptions carry data, never French sentences or secrets: the edge chooses the words.
"""

from dataclasses import KW_ONLY, dataclass
from datetime import datetime


class PortalError(Exception):
    """A refusal the visitor must read about, in French, on a page."""

    suggested_status = 400


class NotFound(PortalError):
    """Nothing of that name that this visitor may see."""

    suggested_status = 404


class BadRequest(PortalError):
    """Something no form of ours sends: broken encoding, repeated or too many fields."""


class CookieLost(PortalError):
    """A form of ours came back without any cookie of ours: the browser drops them."""

    suggested_status = 403


class UnsupportedMedia(PortalError):
    """A body of a kind the form does not send."""

    suggested_status = 415


class Forbidden(PortalError):
    """A request that did not come from one of our own pages (CSRF, foreign origin)."""

    suggested_status = 403


class PayloadTooLarge(PortalError):
    """A body beyond what the form accepts."""

    suggested_status = 413


class SessionExpired(PortalError):
    """No session, or one that ended: the visitor is led to the sign-in page (303)."""

    suggested_status = 303


class SignInRefused(PortalError):
    """The door stays shut."""

    suggested_status = 401


@dataclass(eq=False)
class WrongCredentials(SignInRefused):
    """Wrong pair. `captcha_next`: the next try needs the text of control."""

    _: KW_ONLY
    captcha_next: bool = False


class CaptchaMissing(SignInRefused):
    """The text of control is due and was not given: nothing was evaluated or counted."""

    suggested_status = 422


class CaptchaMismatch(SignInRefused):
    """The text of control was wrong, used or too old: nothing was evaluated or counted."""

    suggested_status = 422


@dataclass(eq=False)
class AccountLocked(SignInRefused):
    """Seven failures. `until`: the UTC instant the lock ends."""

    suggested_status = 429

    until: datetime


class ActivationExpired(SignInRefused):
    """The activation code is right but too old: a new one must be asked for."""


@dataclass(eq=False)
class SourcePaused(SignInRefused):
    """Too many failures from one address. `until`: the UTC instant it may try again."""

    suggested_status = 429

    until: datetime


@dataclass(eq=False)
class FormRefused(PortalError):
    """A form to correct. `reasons`: field name → key of the sentence to show beside it."""

    suggested_status = 422

    reasons: dict[str, str]


class LinkWorthless(PortalError):
    """A one-time link that was used, replaced or is too old, or was made for another browser."""

    suggested_status = 410


class AlreadyPaid(PortalError):
    """The invoice has no balance left to pay."""

    suggested_status = 409


class AlreadyDecided(PortalError):
    """The request no longer waits: the desk answered it, or its family withdrew it."""

    suggested_status = 409


@dataclass(eq=False)
class InvoiceAwaitsRun(PortalError):
    """An account that a billing run still counts on. `number`, `run`: the invoice not issued yet, and its run."""

    suggested_status = 409

    number: str
    run: str


@dataclass(eq=False)
class NoticeRejected(PortalError):
    """A bank notice that is not believed. `reason` is for the log only.

    `unreadable`: the bank did sign it and we cannot read it, so it is worth keeping raw for the régie.
    """

    suggested_status = 403

    reason: str
    _: KW_ONLY
    unreadable: bool = False


class NoticeTooLarge(NoticeRejected):
    """A notice beyond what the bank sends."""

    suggested_status = 413


class Unavailable(Exception):
    """The world outside (AWS, the bank) failed; raised at the adapter, `from` the original."""

    suggested_status = 503


@dataclass(eq=False)
class MailRefused(Unavailable):
    """This mail will never leave: its address or its content is refused. `reason` is for the log only."""

    reason: str


class MailThrottled(Unavailable):
    """The provider takes no mail for now (rate, quota, out of reach): nothing was sent, try again later."""


@dataclass(eq=False)
class NumberTaken(PortalError):
    """An invoice number that already belongs to another account. `owner` is that account's username."""

    suggested_status = 409

    owner: str


@dataclass(eq=False)
class RunRefused(PortalError):
    """Something that a billing run does not allow as it stands. `reason` is a key of the desk's wording."""

    suggested_status = 409

    reason: str


@dataclass(eq=False)
class NotPayable(PortalError):
    """The invoice cannot be paid by card on the portal. `bar` is a domain.online_payment.Bar."""

    suggested_status = 409

    bar: str


@dataclass(eq=False)
class MoneyRefused(PortalError):
    """A movement of money that the desk asked for and that may not be. `reason` is a key of the desk's wording.

    `most_cents`: what would have been accepted at most, or is booked already, when that is the reason.
    """

    suggested_status = 409

    reason: str
    _: KW_ONLY
    most_cents: int | None = None
