"""One HTTP visit: who comes, from where, with what; read from API Gateway's event, trusted no further than that."""

import functools
import ipaddress
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalice.app import Request

from chalicelib.clock import day_in_paris
from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice, InvoiceSummary
from chalicelib.domain.session import Session
from chalicelib.errors import SessionExpired
from chalicelib.handlers.http import cookies, csrf
from chalicelib.portal import Portal
from chalicelib.services.authentication.tokens import digest, keyed, new_token

SESSION_COOKIE = re.compile(r"([A-Za-z0-9._-]{1,64})~([A-Za-z0-9_-]{43})", re.ASCII)
"""Account handle, then token. The handle lets one read fetch the session and the account; the session decides."""

VISITOR_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


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
        found = SESSION_COOKIE.fullmatch(self.cookies.get(cookies.SESSION, ""))
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
        account: Account | None = self.items.get("account") or self.portal.accounts.find(self.username)
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
        brought = self.cookies.get(cookies.VISITOR, "")
        return brought if VISITOR_COOKIE.fullmatch(brought) else new_token()

    @property
    def csrf_secret(self) -> str:
        """What this browser's form tokens are bound to; empty when it brought no cookie at all."""
        if self.session is not None:
            return self.handle[1]
        return self.visitor if cookies.VISITOR in self.cookies else ""

    def form_token(self) -> str:
        """A token for a form on the page that answers this visit: one a session, so that equal pages are equal."""
        keys = self.portal.secrets.csrf
        if self.session is not None:
            return csrf.form_token(self.handle[1], keys, nonce="session")
        return csrf.form_token(self.visitor, keys, nonce=csrf.fresh_nonce())

    @property
    def reference(self) -> str:
        """What a family quotes of a refusal: the same all day for one browser, so that two refusals look the same."""
        who = self.token_hash if self.handle[1] else self.cookies.get(cookies.VISITOR, "") or self.source
        return keyed(self.portal.secrets.counting[0], "reference", who, str(self.today))[:8].upper()

    @property
    def today(self) -> Any:
        """The day it is in the town."""
        return day_in_paris(self.portal.clock())

    def link(self, path: str) -> str:
        return self.portal.settings.base_path + path


def arrive(request: Request, portal: Portal) -> Visit:
    """What the event says of a visit; nothing is read from AWS yet."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    context = request.context or {}
    return Visit(
        portal=portal,
        method=request.method,
        path=our_path(request, portal.settings.base_path),
        headers=headers,
        query=dict(request.query_params.items()) if request.query_params else {},
        source=counted_source((context.get("identity") or {}).get("sourceIp") or ""),
        cookies=cookies.read_cookies(headers.get("cookie", ""), secure=portal.settings.cookie_secure),
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
