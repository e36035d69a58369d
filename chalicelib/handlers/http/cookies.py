"""The three cookies of the portal, all strictly necessary: session, visitor (forms before sign-in) and known device."""

from collections.abc import Mapping
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie

SESSION = "session"
VISITOR = "visiteur"
DEVICE = "appareil"
DEVICE_LASTS = timedelta(days=400)
"""As long as browsers keep a cookie at most."""


def read_cookies(header: str, *, secure: bool) -> dict[str, str]:
    """Our cookies of a Cookie header by their bare names; one that repeats a name or does not parse is dropped."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        for ours in (SESSION, VISITOR, DEVICE):
            if name == deployed_name(ours, secure=secure):
                found[ours] = "" if ours in found else value
    return {name: value for name, value in found.items() if value}


def deployed_name(name: str, *, secure: bool) -> str:
    """« __Host- » makes browsers insist on Secure, Path=/ and no Domain: no neighbour can plant it."""
    return f"__Host-{name}" if secure else name


def set_cookie(name: str, value: str, *, secure: bool, lasts: timedelta | None = None) -> str:
    """One Set-Cookie value; without `lasts` it goes with the browser. Raises CookieError on a value unfit for it."""
    attributes: Mapping[str, str | bool] = {"path": "/", "httponly": True, "samesite": "Lax"}
    jar = SimpleCookie({deployed_name(name, secure=secure): value})
    morsel = next(iter(jar.values()))
    if morsel.coded_value != value:
        raise CookieError(name)
    morsel.update(attributes)  # type: ignore[arg-type]  # typeshed knows strings only; booleans are flags
    morsel["secure"] = secure
    if lasts is not None:
        morsel["max-age"] = str(int(lasts.total_seconds()))
    return morsel.OutputString()


def drop_cookie(name: str, *, secure: bool) -> str:
    """A Set-Cookie value that removes the cookie."""
    return set_cookie(name, "fini", secure=secure, lasts=timedelta(0))
