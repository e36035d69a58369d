"""*Changer mon mot de passe*: /mot-de-passe."""

import logging
from http import HTTPStatus
from typing import Any

from chalice.app import Response

from chalicelib.domain.account_mail import PasswordChanged
from chalicelib.errors import AccountLocked, SessionExpired, Unavailable, WrongCredentials
from chalicelib.handlers.family.password_forms import password_errors, typed_password
from chalicelib.handlers.http.forms import raw_field
from chalicelib.handlers.http.responses import page, see_other
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.session_and_device_cookies import open_session_cookie
from chalicelib.handlers.http.side_effects import announce, reachable_emails
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.authentication.change_password import check_old_password
from chalicelib.services.authentication.credentials import set_password
from chalicelib.wording import passwords as words

logger = logging.getLogger(__name__)
pages = Pages(__name__)

OLD = "ancien_mot_de_passe"


@pages.get("/mot-de-passe", reads=("account",))
def show_password(visit: Visit) -> Response:
    return password_page(visit)


@pages.post("/mot-de-passe", reads=("account",))
def submit_password(visit: Visit) -> Response:
    try:
        errors = old_errors(visit) | password_errors(visit, visit.account)
    except AccountLocked as refusal:
        message = words.old_password_locked(refusal.until)
        return password_page(visit, status=refusal.suggested_status, refusal=message)
    if errors:
        return password_page(visit, status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors)
    return change_password(visit)


def old_errors(visit: Visit) -> dict[str, str]:
    """Returns why the old password is refused, if it is. Raises AccountLocked; the session stays open."""
    typed, account, portal = raw_field(visit.form, OLD), visit.account, visit.portal
    if not typed:
        return {OLD: words.OLD_MISSING}
    try:
        check_old_password(account, typed, hashing=portal.hashing, attempts=portal.stores.attempts, clock=portal.clock)
    except WrongCredentials:
        return {OLD: words.OLD_WRONG}
    return {}


def change_password(visit: Visit) -> Response:
    """Store the new password; every other session ends, and this one continues under a new token."""
    portal = visit.portal
    try:
        changed = set_password(
            visit.account,
            typed_password(visit),
            hashing=portal.hashing,
            stores=portal.stores,
            clock=portal.clock,
        )
    except WrongCredentials as failure:
        raise SessionExpired from failure  # another browser changed the password a moment ago, and ended this session
    mails = [PasswordChanged(to=to, username=changed.username, at=portal.clock()) for to in reachable_emails(changed)]
    announce(visit, changed.username, "password_changed", mails)
    try:
        cookie = open_session_cookie(visit, changed)
    except WrongCredentials as failure:
        raise SessionExpired from failure
    except Unavailable:
        logger.exception("no session")
        return see_other(visit, "/connexion?fait=mot-de-passe")  # the password is stored: the family signs in with it
    return see_other(visit, "/mot-de-passe?fait=mot-de-passe", set_cookies=[cookie])


def password_page(visit: Visit, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
    """The guide's form; typed passwords are never sent back to the browser."""
    defaults: dict[str, Any] = {"values": {}, "errors": {}, "refusal": None, "username": visit.username}
    return page(visit, "password", status=status, **(defaults | context))
