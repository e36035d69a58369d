"""The two cookies given at sign-in: the session's, and that of a known device."""

from datetime import timedelta

from chalicelib.domain.account import Account
from chalicelib.handlers.http.visit import DEVICE_COOKIE, DEVICE_LASTS, SESSION_COOKIE, Visit, set_cookie
from chalicelib.services.authentication.known_devices import remembered
from chalicelib.services.authentication.sessions import open_session


def open_cookie(visit: Visit, account: Account) -> str:
    """Open a session and answer its Set-Cookie value: the account's handle, then a token that only the browser keeps.

    Raises WrongCredentials when the password changed since it was proved.
    """
    portal = visit.portal
    lasts = timedelta(hours=portal.settings.session_hours)
    token = open_session(account, lasts=lasts, stores=portal.stores, clock=portal.clock)
    return set_cookie(SESSION_COOKIE, f"{account.username}~{token}", secure=portal.settings.cookie_secure)


def remember_device(visit: Visit, username: str) -> str:
    """Returns a Set-Cookie value that adds this account to those the device is known for."""
    portal = visit.portal
    value = remembered(visit.cookies.get(DEVICE_COOKIE, ""), username, portal.secrets.counting[0])
    return set_cookie(DEVICE_COOKIE, value, secure=portal.settings.cookie_secure, lasts=DEVICE_LASTS)
