"""*Se connecter*, *se déconnecter*: /connexion and /deconnexion."""

import logging
import re
from dataclasses import dataclass
from typing import Any

from chalice.app import Response

from chalicelib.domain.account import Account
from chalicelib.domain.town_settings import Office
from chalicelib.errors import (
    AccountLocked,
    ActivationExpired,
    CaptchaMismatch,
    CaptchaMissing,
    SignInRefused,
    SourcePaused,
    WrongCredentials,
)
from chalicelib.handlers.family.new_password import redirect_to_first_password
from chalicelib.handlers.http.forms import compact_field, raw_field, text_field
from chalicelib.handlers.http.responses import form_page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.session_and_device_cookies import open_session_cookie, remember_device
from chalicelib.handlers.http.side_effects import journal_entry
from chalicelib.handlers.http.visit import DEVICE_COOKIE, SESSION_COOKIE, Visit, delete_cookie
from chalicelib.services.authentication.captcha import CaptchaAnswer, new_challenge
from chalicelib.services.authentication.counts import account_count
from chalicelib.services.authentication.credentials import rehash_password
from chalicelib.services.authentication.hashing import keyed_hash
from chalicelib.services.authentication.sessions import end_session
from chalicelib.services.authentication.sign_in import SignInAttempt, sign_in
from chalicelib.wording import guide

logger = logging.getLogger(__name__)
pages = Pages(__name__)

BOUNCED = "courriel=revient"
"""Query that makes the home page, which does not read the account, say once that mail bounces."""

INTERNAL_PATH = re.compile(r"/[a-z0-9-]+(/[A-Za-z0-9-]+)*", re.ASCII)
"""What « suite » may redirect to: a path of the portal, never another site (no open redirect)."""


@dataclass(frozen=True)
class RefusalView:
    """Where the message of a refused sign-in is shown: above the form, or at the captcha's field."""

    refusal: str | None = None
    captcha_error: str | None = None


@pages.get("/connexion", access=Access.PUBLIC)
def show_sign_in(visit: Visit) -> Response:
    suite = return_path(visit.query.get("suite", ""))
    ended = visit.session is None and visit.handle[1]
    message = guide.SESSION_ENDED_ON_A_PAGE if suite else guide.SESSION_ENDED
    return sign_in_page(visit, suite=suite, ended=message if ended else "")


@pages.post("/connexion", access=Access.PUBLIC)
def submit_sign_in(visit: Visit) -> Response:
    missing = missing_fields(visit)
    if missing:
        return sign_in_page(visit, status=422, errors=missing, captcha=renewed_captcha(visit))
    try:
        account = check_credentials(visit)
        log_attempt(visit, "proved")
        if not account.opened:
            return redirect_to_first_password(visit, account)
        return start_session(visit, rehash_if_outdated(visit, account))
    except SignInRefused as refusal:
        log_attempt(visit, type(refusal).__name__, refusal.failed_on)
        return refusal_page(visit, refusal)


@pages.post("/deconnexion")
def submit_sign_out(visit: Visit) -> Response:
    portal = visit.portal
    end_session(visit.handle[1], sessions=portal.stores.sessions)
    journal_entry(visit, "signed_out")
    dropped = delete_cookie(SESSION_COOKIE, secure=portal.settings.cookie_secure)
    answer = see_other(visit, "/connexion?fait=deconnexion", set_cookies=[dropped])
    answer.headers["Clear-Site-Data"] = '"storage"'  # not "cookies": the known browser stays known
    return answer


def missing_fields(visit: Visit) -> dict[str, str]:
    needed = {"identifiant": guide.USERNAME_MISSING, "mot_de_passe": guide.PASSWORD_MISSING}
    typed = {
        "identifiant": compact_field(visit.form, "identifiant"),
        "mot_de_passe": raw_field(visit.form, "mot_de_passe"),
    }
    return {name: sentence for name, sentence in needed.items() if not typed[name].strip()}


def log_attempt(visit: Visit, outcome: str, failed_on: str = "") -> None:
    """For monitoring: groups attempts by account or by address, under keyed hashes that identify nobody.

    The alarms of sign-ins read these lines.
    """
    key = visit.portal.secrets.counting[0]
    account = keyed_hash(key, *account_count(compact_field(visit.form, "identifiant")))
    told = {"outcome": outcome, "failed_on": failed_on, "account": account[:12], "source": visit.source}
    logger.info("sign_in", extra=told)


def check_credentials(visit: Visit) -> Account:
    """Returns the account whose password or activation code was typed. Raises SignInRefused."""
    portal = visit.portal
    tried = SignInAttempt(
        username=compact_field(visit.form, "identifiant"),
        password=raw_field(visit.form, "mot_de_passe"),
        captcha=CaptchaAnswer(
            raw_field(visit.form, "captcha_id"), text_field(visit.form, "captcha"), visit.csrf_secret
        ),
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


def rehash_if_outdated(visit: Visit, account: Account) -> Account:
    """Returns the account, its password rehashed if outdated (pepper or cost), so that old peppers can be removed."""
    portal = visit.portal
    if not portal.hashing.outdated(account.password_hash or ""):
        return account
    typed = raw_field(visit.form, "mot_de_passe")
    return rehash_password(account, typed, hashing=portal.hashing, accounts=portal.stores.accounts)


def start_session(visit: Visit, account: Account) -> Response:
    """Open a session under a new token, and redirect to the page that was asked for."""
    portal = visit.portal
    session = open_session_cookie(visit, account)
    if visit.session is not None:
        end_session(visit.handle[1], sessions=portal.stores.sessions)
    portal.stores.journal.note(account.username, "signed_in", at=portal.clock())
    home = f"/?{BOUNCED}" if account.email_bounced_at else "/"
    suite = return_path(raw_field(visit.form, "suite"))
    return see_other(visit, suite or home, set_cookies=[session, remember_device(visit, account.username)])


def refusal_page(visit: Visit, refusal: SignInRefused) -> Response:
    view = refusal_view(refusal, visit.portal.town.desk)
    due = isinstance(refusal, CaptchaMissing | CaptchaMismatch) or getattr(refusal, "captcha_next", False)
    return sign_in_page(
        visit,
        status=refusal.suggested_status,
        refusal=view.refusal,
        errors={"captcha": view.captcha_error} if view.captcha_error else {},
        captcha=new_captcha(visit) if due else None,
    )


def refusal_view(refusal: SignInRefused, office: Office) -> RefusalView:
    """Returns the guide's message for each refusal."""
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
            return RefusalView(refusal=guide.CODE_EXPIRED.format(desk=office))
        case WrongCredentials() | _:
            return RefusalView(refusal=guide.WRONG_CREDENTIALS)


def renewed_captcha(visit: Visit) -> str | None:
    """Returns a new captcha's ticket when the posted form held one already."""
    return new_captcha(visit) if visit.form.get("captcha_id") else None


def new_captcha(visit: Visit) -> str:
    portal = visit.portal
    visitor = visit.csrf_secret or visit.visitor
    return new_challenge(visitor, tickets=portal.stores.tickets, clock=portal.clock)


def return_path(wanted: str) -> str:
    return wanted if INTERNAL_PATH.fullmatch(wanted) else ""


def sign_in_page(visit: Visit, *, status: int = 200, suite: str | None = None, **context: Any) -> Response:
    """The form, with the typed username, never the password."""
    defaults: dict[str, Any] = {"errors": {}, "refusal": None, "captcha": None}
    return form_page(
        visit,
        "sign_in",
        status=status,
        values={"identifiant": text_field(visit.form, "identifiant")},
        suite=return_path(raw_field(visit.form, "suite")) if suite is None else suite,
        captcha_sound=True,
        **(defaults | context),
    )
