"""The session's cookie: a new session opened for a browser that just proved whose it is."""

from datetime import timedelta

from chalicelib.domain.account import Account
from chalicelib.handlers.http import cookies
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.authentication.sessions import open_session


def open_cookie(visit: Visit, account: Account) -> str:
    """Open a session and answer its Set-Cookie value: the account's handle, then a token that only the browser keeps.

    Raises WrongCredentials when the password changed since it was proved.
    """
    portal = visit.portal
    lasts = timedelta(hours=portal.settings.session_hours)
    token = open_session(account, lasts=lasts, accounts=portal.accounts, sessions=portal.sessions, clock=portal.clock)
    return cookies.set_cookie(cookies.SESSION, f"{account.username}~{token}", secure=portal.settings.cookie_secure)
