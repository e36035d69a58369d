"""One HTTP request as a `Visit`: where it comes from, its cookies, its form token (CSRF), its path and query."""

import functools
import ipaddress
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any

from chalice.app import Request

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice, InvoiceSummary
from chalicelib.domain.session import Session
from chalicelib.errors import CookieLost, Forbidden, SessionExpired
from chalicelib.formats import day_in_paris
from chalicelib.portal import Portal
from chalicelib.services.authentication.hashing import digest, is_keyed, keyed, new_token

SESSION_COOKIE = "session"
VISITOR_COOKIE = "visiteur"
DEVICE_COOKIE = "appareil"
DEVICE_LASTS = timedelta(days=400)
"""As long as browsers keep a cookie at most."""


def read_cookies(header: str, *, secure: bool) -> dict[str, str]:
    """Our cookies of a Cookie header by their bare names; one that repeats a name or does not parse is dropped."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        for ours in (SESSION_COOKIE, VISITOR_COOKIE, DEVICE_COOKIE):
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


CSRF_FIELD = "csrf"
NONCE_BYTES = 8
OUR_SITES = ("same-origin", "none")
"""`Sec-Fetch-Site` of our own forms; `none` is what a visitor asks of the browser itself, through no site."""


def form_token(secret: str, keys: Sequence[bytes], nonce: str) -> str:
    """A token for a form of whoever holds `secret` (a cookie's token)."""
    return f"{nonce}.{keyed(keys[0], 'form', secret, nonce)}"


def fresh_nonce() -> str:
    """For pages that echo what the address says: compression must not let a token be guessed from their length."""
    return secrets.token_hex(NONCE_BYTES)


def is_form_token(token: str, secret: str, keys: Sequence[bytes]) -> bool:
    nonce, _, mac = token.partition(".")
    return bool(secret) and is_keyed(mac, keys, "form", secret, nonce)


def refuse_foreign_origin(headers: Mapping[str, str], origins: Sequence[str]) -> None:
    """Raise Forbidden when the browser says that the form stands on another site; `null` is foreign too.

    So is `same-site`: another host of the town's, or on the desk another port, has none of our forms.
    """
    origin = headers.get("origin")
    if origin is not None and origin not in origins:
        raise Forbidden
    if headers.get("sec-fetch-site", OUR_SITES[0]).strip().lower() not in OUR_SITES:
        raise Forbidden


SESSION_VALUE = re.compile(r"([A-Za-z0-9._-]{1,64})~([A-Za-z0-9_-]{43})", re.ASCII)
"""Account handle, then token. The handle lets one read fetch the session and the account; the session decides."""

VISITOR_VALUE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True)
class Visit:
    """`items` holds what was read together with the session, by the name the route gave it."""

    portal: Portal
    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    source: str
    cookies: Mapping[str, str]
    body: bytes = b""
    form: Mapping[str, str] = field(default_factory=dict)
    session: Session | None = None
    items: Mapping[str, Any] = field(default_factory=dict)

    @functools.cached_property
    def handle(self) -> tuple[str, str]:
        """(username claimed, session token) of the cookie; both empty when there is none."""
        found = SESSION_VALUE.fullmatch(self.cookies.get(SESSION_COOKIE, ""))
        return (found[1], found[2]) if found else ("", "")

    @property
    def token_hash(self) -> str:
        return digest(self.handle[1])

    @property
    def username(self) -> str:
        """Whose session this is. Raises SessionExpired."""
        if self.session is None:
            raise SessionExpired
        return self.session.username

    @functools.cached_property
    def account(self) -> Account:
        """The signed-in account, read with the session when the route asked for it. Raises SessionExpired."""
        account: Account | None = self.items.get("account") or self.portal.stores.accounts.find(self.username)
        if account is None:
            raise SessionExpired
        return account

    @property
    def summary(self) -> tuple[InvoiceSummary, ...]:
        """The rows of this account's invoices, for the routes that read them."""
        rows: tuple[InvoiceSummary, ...] = self.items["summary"]
        return rows

    @property
    def invoice(self) -> Invoice | None:
        """The invoice that the path names, if it is this account's, for the routes that read it."""
        found: Invoice | None = self.items["invoice"]
        return found

    @functools.cached_property
    def visitor(self) -> str:
        """The token of a browser that is not signed in; made here when it brought none."""
        brought = self.cookies.get(VISITOR_COOKIE, "")
        return brought if VISITOR_VALUE.fullmatch(brought) else new_token()

    @property
    def csrf_secret(self) -> str:
        """What this browser's form tokens are bound to; empty when it brought no cookie at all."""
        if self.session is not None:
            return self.handle[1]
        return self.visitor if VISITOR_COOKIE in self.cookies else ""

    def form_token(self) -> str:
        """A token for a form on the page that answers this visit: one a session, so that equal pages are equal."""
        keys = self.portal.secrets.csrf
        if self.session is not None:
            return form_token(self.handle[1], keys, nonce="session")
        return form_token(self.visitor, keys, nonce=fresh_nonce())

    def require_form_token(self, form: Mapping[str, str]) -> None:
        """Raise Forbidden unless the form's token was made for this browser, CookieLost when it brought no cookie."""
        if not self.csrf_secret:
            raise CookieLost
        if not is_form_token(form.get(CSRF_FIELD, ""), self.csrf_secret, self.portal.secrets.csrf):
            raise Forbidden

    @property
    def reference(self) -> str:
        """What a family quotes of a refusal: the same all day for one browser, so that two refusals look the same."""
        who = self.token_hash if self.handle[1] else self.cookies.get(VISITOR_COOKIE, "") or self.source
        return keyed(self.portal.secrets.counting[0], "reference", who, str(self.today))[:8].upper()

    @property
    def today(self) -> Any:
        """The day it is in the town."""
        return day_in_paris(self.portal.clock())

    def link(self, path: str) -> str:
        return self.portal.base_path + path


def arrive(request: Request, portal: Portal) -> Visit:
    """What the event says of a visit; nothing is read from AWS yet."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    context = request.context or {}
    return Visit(
        portal=portal,
        method=request.method,
        path=our_path(request, portal.base_path),
        headers=headers,
        query=dict(request.query_params.items()) if request.query_params else {},
        source=counted_source((context.get("identity") or {}).get("sourceIp") or ""),
        cookies=read_cookies(headers.get("cookie", ""), secure=portal.settings.cookie_secure),
        body=request.raw_body.encode() if isinstance(request.raw_body, str) else request.raw_body,
    )


def reference_of(context: Mapping[str, Any]) -> str:
    """A short text that a visitor can read out and the log can be searched for."""
    request_id = str(context.get("requestId") or secrets.token_hex(4))
    return re.sub(r"[^A-Za-z0-9]", "", request_id)[:8].upper()


def our_path(request: Request, base_path: str) -> str:
    """The path asked for, without the base path a custom domain leaves in it.

    Chalice's own `path` is the route's pattern, and its local mode says no other.
    """
    path = str(request.to_original_event().get("path") or request.path.format_map(request.uri_params or {}))
    return path.removeprefix(base_path) if base_path and path.startswith(base_path + "/") else path


def counted_source(address: str) -> str:
    """What failures are counted under: an IPv4 address, or the /64 that one subscriber holds of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)
