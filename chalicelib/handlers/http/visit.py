"""An HTTP request as a `Visit`: path, query, source address, cookies, session and CSRF token of its form."""

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
from chalicelib.services.authentication.hashing import digest, is_keyed_hash, keyed_hash, new_token

SESSION_COOKIE = "session"
VISITOR_COOKIE = "visiteur"
DEVICE_COOKIE = "appareil"
DEVICE_LASTS = timedelta(days=400)
"""The longest that browsers keep a cookie."""

SESSION_VALUE = re.compile(r"([A-Za-z0-9._-]{1,64})~([A-Za-z0-9_-]{43})", re.ASCII)
"""Username, then token. The username lets one read fetch session and account; only the session is trusted."""

VISITOR_VALUE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
CSRF_FIELD = "csrf"
NONCE_BYTES = 8
ALLOWED_FETCH_SITES = ("same-origin", "none")
"""`Sec-Fetch-Site` of our own forms; `none`: started from the browser itself, not from a site."""


@dataclass(frozen=True)
class Visit:
    """`items`: what was read together with the session, by the name in the route's `reads`."""

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
        """Returns the session's account. Raises SessionExpired."""
        if self.session is None:
            raise SessionExpired
        return self.session.username

    @functools.cached_property
    def account(self) -> Account:
        """The signed-in account, already read when the route asked for it. Raises SessionExpired."""
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
        """The token of a browser that is not signed in; a new one when it sent none."""
        sent = self.cookies.get(VISITOR_COOKIE, "")
        return sent if VISITOR_VALUE.fullmatch(sent) else new_token()

    @property
    def csrf_secret(self) -> str:
        """The secret that this browser's form tokens are bound to; empty when it sent no cookie."""
        if self.session is not None:
            return self.handle[1]
        return self.visitor if VISITOR_COOKIE in self.cookies else ""

    def form_token(self) -> str:
        """Returns a CSRF token for this page's forms; one per session, so that unchanged pages are the same bytes."""
        keys = self.portal.secrets.csrf
        if self.session is not None:
            return form_token(self.handle[1], keys, nonce="session")
        return form_token(self.visitor, keys, nonce=new_nonce())

    def require_form_token(self, form: Mapping[str, str]) -> None:
        """Raise Forbidden unless the form's token was made for this browser, CookieLost when it sent no cookie."""
        if not self.csrf_secret:
            raise CookieLost
        if not is_form_token(form.get(CSRF_FIELD, ""), self.csrf_secret, self.portal.secrets.csrf):
            raise Forbidden

    @property
    def reference(self) -> str:
        """The reference on a refusal's page: the same all day per browser, so that all refusals look alike."""
        browser = self.token_hash if self.handle[1] else self.cookies.get(VISITOR_COOKIE, "") or self.source
        return keyed_hash(self.portal.secrets.counting[0], "reference", browser, str(self.today))[:8].upper()

    @property
    def today(self) -> Any:
        """Today in Paris."""
        return day_in_paris(self.portal.clock())

    def link(self, path: str) -> str:
        """Returns one of our paths behind the base path."""
        return self.portal.base_path + path


def visit_from_request(request: Request, portal: Portal) -> Visit:
    """Returns the visit of a request, without its session: nothing is read from AWS yet."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    context = request.context or {}
    return Visit(
        portal=portal,
        method=request.method,
        path=path_without_base(request, portal.base_path),
        headers=headers,
        query=dict(request.query_params.items()) if request.query_params else {},
        source=source_network((context.get("identity") or {}).get("sourceIp") or ""),
        cookies=read_cookies(headers.get("cookie", ""), secure=portal.settings.cookie_secure),
        body=request.raw_body.encode() if isinstance(request.raw_body, str) else request.raw_body,
    )


def path_without_base(request: Request, base_path: str) -> str:
    """Returns the requested path, without the base path that a custom domain leaves in it.

    Chalice's own `path` is the route's pattern; in local mode the path is rebuilt from it.
    """
    path = str(request.to_original_event().get("path") or request.path.format_map(request.uri_params or {}))
    return path.removeprefix(base_path) if base_path and path.startswith(base_path + "/") else path


def source_network(address: str) -> str:
    """Returns the key for counting failures: the IPv4 address, or the IPv6 /64 network, which one subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def request_reference(context: Mapping[str, Any]) -> str:
    """Returns a short reference that a visitor can quote and that is searchable in the log."""
    request_id = str(context.get("requestId") or secrets.token_hex(4))
    return re.sub(r"[^A-Za-z0-9]", "", request_id)[:8].upper()


def read_cookies(header: str, *, secure: bool) -> dict[str, str]:
    """Returns our cookies of a Cookie header, by name without prefix; a repeated or unparsable one is ignored."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        for ours in (SESSION_COOKIE, VISITOR_COOKIE, DEVICE_COOKIE):
            if name == cookie_name(ours, secure=secure):
                found[ours] = "" if ours in found else value
    return {name: value for name, value in found.items() if value}


def set_cookie(name: str, value: str, *, secure: bool, lasts: timedelta | None = None) -> str:
    """Returns a Set-Cookie value; without `lasts`, a session cookie. Raises CookieError if the value needs quoting."""
    attributes: Mapping[str, str | bool] = {"path": "/", "httponly": True, "samesite": "Lax"}
    jar = SimpleCookie({cookie_name(name, secure=secure): value})
    morsel = next(iter(jar.values()))
    if morsel.coded_value != value:
        raise CookieError(name)
    morsel.update(attributes)  # type: ignore[arg-type]  # typeshed knows strings only; booleans are flags
    morsel["secure"] = secure
    if lasts is not None:
        morsel["max-age"] = str(int(lasts.total_seconds()))
    return morsel.OutputString()


def delete_cookie(name: str, *, secure: bool) -> str:
    """Returns a Set-Cookie value that removes the cookie."""
    return set_cookie(name, "fini", secure=secure, lasts=timedelta(0))


def cookie_name(name: str, *, secure: bool) -> str:
    """Browsers require Secure, Path=/ and no Domain for « __Host- »: no other subdomain can set such a cookie."""
    return f"__Host-{name}" if secure else name


def form_token(secret: str, keys: Sequence[bytes], nonce: str) -> str:
    """Returns a CSRF token, valid for the browser whose cookie holds `secret`."""
    return f"{nonce}.{keyed_hash(keys[0], 'form', secret, nonce)}"


def new_nonce() -> str:
    """For pages that echo the query: with one fixed token, their compressed length would reveal it (BREACH)."""
    return secrets.token_hex(NONCE_BYTES)


def is_form_token(token: str, secret: str, keys: Sequence[bytes]) -> bool:
    nonce, _, mac = token.partition(".")
    return bool(secret) and is_keyed_hash(mac, keys, "form", secret, nonce)


def refuse_cross_origin(headers: Mapping[str, str], origins: Sequence[str]) -> None:
    """Raise Forbidden when the form was posted from another origin, `null` included.

    `same-site` is refused too: another host of the town, or locally another port, has none of our forms.
    """
    origin = headers.get("origin")
    if origin is not None and origin not in origins:
        raise Forbidden
    if headers.get("sec-fetch-site", ALLOWED_FETCH_SITES[0]).strip().lower() not in ALLOWED_FETCH_SITES:
        raise Forbidden
