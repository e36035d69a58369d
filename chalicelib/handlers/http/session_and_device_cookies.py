"""The two cookies set at sign-in: the session cookie and the known-device cookie."""

from datetime import timedelta

from chalicelib.domain.account import Account
from chalicelib.handlers.http.browser_label import browser_label
from chalicelib.handlers.http.visit import DEVICE_COOKIE, DEVICE_LASTS, SESSION_COOKIE, Visit, set_cookie
from chalicelib.services.authentication.known_devices import remember_account
from chalicelib.services.authentication.sessions import open_session


def open_session_cookie(visit: Visit, account: Account) -> str:
    """Open a session. Returns its Set-Cookie value: the username, then a token of which we store only the hash.

    Raises WrongCredentials when the password changed since it was checked.
    """
    portal = visit.portal
    lasts = timedelta(hours=portal.settings.session_hours)
    browser = browser_label(visit.headers.get("user-agent", ""))
    token = open_session(account, browser=browser, lasts=lasts, stores=portal.stores, clock=portal.clock)
    return set_cookie(SESSION_COOKIE, f"{account.username}~{token}", secure=portal.settings.cookie_secure)


def remember_device(visit: Visit, username: str) -> str:
    """Returns a Set-Cookie value that adds this account to those the device is known for."""
    portal = visit.portal
    value = remember_account(visit.cookies.get(DEVICE_COOKIE, ""), username, portal.secrets.counting[0])
    return set_cookie(DEVICE_COOKIE, value, secure=portal.settings.cookie_secure, lasts=DEVICE_LASTS)
