"""The current password, typed in the form of what a browser left open must not do; wrong ones count as in
*Changer mon mot de passe*.
"""

from http import HTTPStatus
from typing import Any

from chalicelib.errors import AccountLocked, FormRefused, WrongCredentials
from chalicelib.handlers.http.forms import raw_field
from chalicelib.handlers.http.side_effects import error_messages
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.authentication.change_password import check_old_password
from chalicelib.wording.passwords import old_password_locked

FIELD = "mot_de_passe"


def require_password(visit: Visit) -> None:
    """Check the password typed in the form. Raises FormRefused at its field, AccountLocked; the session stays open."""
    typed, portal = raw_field(visit.form, FIELD), visit.portal
    if not typed:
        raise FormRefused({FIELD: "password_missing"})
    hashing, attempts = portal.hashing, portal.stores.attempts
    try:
        check_old_password(visit.account, typed, hashing=hashing, attempts=attempts, clock=portal.clock)
    except WrongCredentials as refusal:
        raise FormRefused({FIELD: "password_wrong"}) from refusal


def require_recent_password(visit: Visit) -> None:
    """The same, unless the password was typed in this browser a moment ago; from now on it was. Raises alike."""
    if password_needed(visit):
        require_password(visit)
        visit.portal.stores.sessions.prove(visit.token_hash, visit.portal.clock())


def password_needed(visit: Visit) -> bool:
    """Returns whether `require_recent_password` will ask."""
    return visit.session is None or not visit.session.proved(visit.portal.clock())


def refused(visit: Visit, refusal: FormRefused | AccountLocked) -> dict[str, Any]:
    """Returns what the form's page shows: its status, then messages at fields, or above the form that it is locked."""
    if isinstance(refusal, AccountLocked):
        return {"status": refusal.suggested_status, "refusal": old_password_locked(refusal.until)}
    errors = error_messages(visit, refusal.reasons)
    return {"status": HTTPStatus.UNPROCESSABLE_ENTITY, "errors": errors}
