"""Se connecter, se déconnecter: /connexion and /deconnexion."""

import logging
import re
from dataclasses import dataclass
from typing import Any

from chalice.app import Response

from chalicelib.domain.account import Account
from chalicelib.domain.town_settings import Desk
from chalicelib.errors import (
    AccountLocked,
    ActivationExpired,
    CaptchaMismatch,
    CaptchaMissing,
    SignInRefused,
    SourcePaused,
    WrongCredentials,
)
from chalicelib.handlers.family.new_password import lead_to_first_password
from chalicelib.handlers.http.forms import compact, exact, line
from chalicelib.handlers.http.responses import form_page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.session_and_device_cookies import open_cookie, remember_device
from chalicelib.handlers.http.side_effects import journal_entry
from chalicelib.handlers.http.visit import DEVICE_COOKIE, SESSION_COOKIE, Visit, drop_cookie
from chalicelib.services.authentication.captcha import CaptchaAnswer, new_challenge
from chalicelib.services.authentication.credentials import renew_hash
from chalicelib.services.authentication.hashing import keyed
from chalicelib.services.authentication.sessions import end_session
from chalicelib.services.authentication.sign_in import SignInAttempt, account_count, sign_in
from chalicelib.wording import guide

logger = logging.getLogger(__name__)
pages = Pages(__name__)

BOUNCED = "courriel=revient"
"""Home says it once, after signing in: it reads no account."""

OUR_PATH = re.compile(r"/[a-z0-9-]+(/[A-Za-z0-9-]+)*", re.ASCII)
"""What « suite » may lead back to: a path of ours, never another site's address."""


@dataclass(frozen=True)
class RefusalView:
    """How a refused sign-in is told: by the captcha's field, or above the form."""

    refusal: str | None = None
    captcha_error: str | None = None


@pages.get("/connexion", access=Access.PUBLIC)
def show_sign_in(visit: Visit) -> Response:
    suite = return_path(visit.query.get("suite", ""))
    ended = visit.session is None and visit.handle[1]
    told = guide.SESSION_ENDED_ON_A_PAGE if suite else guide.SESSION_ENDED
    return sign_in_page(visit, suite=suite, ended=told if ended else "")


@pages.post("/connexion", access=Access.PUBLIC)
def submit_sign_in(visit: Visit) -> Response:
    missing = missing_fields(visit)
    if missing:
        return sign_in_page(visit, status=422, errors=missing, captcha=again(visit))
    try:
        account = prove(visit)
        log_attempt(visit, "proved")
        if not account.opened:
            return lead_to_first_password(visit, account)
        return welcome(visit, with_current_hash(visit, account))
    except SignInRefused as refusal:
        log_attempt(visit, type(refusal).__name__)
        return refuse(visit, refusal)


@pages.post("/deconnexion")
def submit_sign_out(visit: Visit) -> Response:
    portal = visit.portal
    end_session(visit.handle[1], sessions=portal.stores.sessions)
    journal_entry(visit, "signed_out")
    dropped = drop_cookie(SESSION_COOKIE, secure=portal.settings.cookie_secure)
    return see_other(visit, "/connexion?fait=deconnexion", set_cookies=[dropped])


def missing_fields(visit: Visit) -> dict[str, str]:
    needed = {"identifiant": guide.USERNAME_MISSING, "mot_de_passe": guide.PASSWORD_MISSING}
    typed = {"identifiant": compact(visit.form, "identifiant"), "mot_de_passe": exact(visit.form, "mot_de_passe")}
    return {name: sentence for name, sentence in needed.items() if not typed[name].strip()}


def log_attempt(visit: Visit, outcome: str) -> None:
    """For whoever watches: tries on one account or from one address can be put together, and name nobody."""
    key = visit.portal.secrets.counting[0]
    account = keyed(key, *account_count(compact(visit.form, "identifiant")))
    logger.info("sign_in", extra={"outcome": outcome, "account": account[:12], "source": visit.source})


def prove(visit: Visit) -> Account:
    """Returns the account whose password or activation code was typed. Raises SignInRefused."""
    portal = visit.portal
    tried = SignInAttempt(
        username=compact(visit.form, "identifiant"),
        password=exact(visit.form, "mot_de_passe"),
        captcha=CaptchaAnswer(exact(visit.form, "captcha_id"), line(visit.form, "captcha"), visit.csrf_secret),
        device=visit.cookies.get(DEVICE_COOKIE, ""),
        source=visit.source,
    )
    return sign_in(
        tried,
        hashing=portal.hashing,
        secrets=portal.secrets,
        settings=portal.settings,
        captcha=portal.captcha,
        stores=portal.stores,
        clock=portal.clock,
    )


def with_current_hash(visit: Visit, account: Account) -> Account:
    """The account, its password moved to the current pepper and cost while it is at hand: old peppers can then go."""
    portal = visit.portal
    if not portal.hashing.outdated(account.password_hash or ""):
        return account
    typed = exact(visit.form, "mot_de_passe")
    return renew_hash(account, typed, hashing=portal.hashing, accounts=portal.stores.accounts)


def welcome(visit: Visit, account: Account) -> Response:
    """A new session under a new token, and back to the page that was asked for."""
    portal = visit.portal
    session = open_cookie(visit, account)
    if visit.session is not None:
        end_session(visit.handle[1], sessions=portal.stores.sessions)
    portal.stores.journal.note(account.username, "signed_in", at=portal.clock())
    home = f"/?{BOUNCED}" if account.email_bounced_at else "/"
    suite = return_path(exact(visit.form, "suite"))
    return see_other(visit, suite or home, set_cookies=[session, remember_device(visit, account.username)])


def refuse(visit: Visit, refusal: SignInRefused) -> Response:
    told = refusal_view(refusal, visit.portal.town.desk)
    due = isinstance(refusal, CaptchaMissing | CaptchaMismatch) or getattr(refusal, "captcha_next", False)
    return sign_in_page(
        visit,
        status=refusal.suggested_status,
        refusal=told.refusal,
        errors={"captcha": told.captcha_error} if told.captcha_error else {},
        captcha=challenge(visit) if due else None,
    )


def refusal_view(refusal: SignInRefused, desk: Desk) -> RefusalView:
    """The guide's words for each refusal."""
    match refusal:
        case AccountLocked():
            return RefusalView(refusal=guide.locked(refusal.until))
        case SourcePaused():
            return RefusalView(refusal=guide.paused(refusal.until))
        case CaptchaMissing():
            return RefusalView(captcha_error=guide.TYPE_THE_CAPTCHA)
        case CaptchaMismatch():
            return RefusalView(captcha_error=guide.WRONG_CAPTCHA)
        case ActivationExpired():
            return RefusalView(refusal=guide.CODE_EXPIRED.format(desk=desk))
        case WrongCredentials() | _:
            return RefusalView(refusal=guide.WRONG_PAIR)


def again(visit: Visit) -> str | None:
    """A fresh challenge when the form that came back already held one."""
    return challenge(visit) if visit.form.get("captcha_id") else None


def challenge(visit: Visit) -> str:
    portal = visit.portal
    visitor = visit.csrf_secret or visit.visitor
    return new_challenge(visitor, captcha=portal.captcha, tickets=portal.stores.tickets, clock=portal.clock)


def return_path(wanted: str) -> str:
    return wanted if OUR_PATH.fullmatch(wanted) else ""


def sign_in_page(visit: Visit, *, status: int = 200, suite: str | None = None, **context: Any) -> Response:
    """The form, with what was typed but the password."""
    defaults: dict[str, Any] = {"errors": {}, "refusal": None, "captcha": None}
    return form_page(
        visit,
        "sign_in",
        status=status,
        values={"identifiant": line(visit.form, "identifiant")},
        suite=return_path(exact(visit.form, "suite")) if suite is None else suite,
        captcha_sound=True,
        **(defaults | context),
    )
