"""Routing of pages: access control, session, CSRF and form parsing before each view; errors as French pages."""

import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any

from chalice.app import Blueprint, Chalice, Request, Response

from chalicelib import portal as portals
from chalicelib.domain.invoice import NUMBER
from chalicelib.domain.payment import REFERENCE
from chalicelib.errors import CookieLost, PortalError, SessionExpired, Unavailable, UnsupportedMedia
from chalicelib.handlers.http import forms, responses
from chalicelib.handlers.http.visit import Visit, refuse_cross_origin, request_reference, visit_from_request
from chalicelib.portal import Portal
from chalicelib.wording import guide

logger = logging.getLogger(__name__)
View = Callable[..., Response]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'{elsewhere}; base-uri 'none'; frame-ancestors 'none'"
)
CACHE_IMMUTABLE = "public, max-age=31536000, immutable"
SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    # With no-referrer Chromium would send « Origin: null » on our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

NO_ITEM = "?"
"""Key that no invoice and no payment has: looked up in place of an invalid one, so that both 404 are identical."""


class Access(Enum):
    """FAMILY: signed in only. PUBLIC: anybody, with their session if any. MACHINE: no cookie is read."""

    FAMILY = "family"
    PUBLIC = "public"
    MACHINE = "machine"


@dataclass(frozen=True)
class Route:
    """Requirements of a route. `reads` is fetched together with the session, in one round trip to DynamoDB."""

    access: Access = Access.FAMILY
    reads: Sequence[str] = ()
    csrf: bool = True
    form: str = forms.URLENCODED


class PortailApp(Chalice):
    """Chalice adapted to browsers: raw binary bodies, and clients without an Accept header."""

    def __init__(self, app_name: str) -> None:
        super().__init__(app_name)
        # API Gateway decides on the *first* Accept type only; browsers put text/html first, so that with a list of
        # types a PDF would reach them as base64 text.
        self.api.binary_types = ["*/*"]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        headers = event.get("headers") or {}
        if not any(name.lower() == "accept" for name in headers):
            # With binary types Chalice returns 400 without an Accept header, and the bank's server may send none.
            event = {**event, "headers": {**headers, "accept": "*/*"}}
        return super().__call__(event, context)


class Pages(Blueprint):
    """A Blueprint whose views take a Visit.

    Content types are checked by `read_form`, not by Chalice: that one refuses a browser's GET for them, accepts
    `text/plain; */*`, and returns 415 where an expired session must redirect to the sign-in page.
    """

    routes: dict[tuple[str, str], Route]

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.routes = {}

    def get(self, path: str, **options: Any) -> Callable[[View], View]:
        """Register a page, for GET and HEAD. `options`: the fields of Route."""
        return self._register(path, Route(**options), methods=["GET", "HEAD"])

    def post(self, path: str, **options: Any) -> Callable[[View], View]:
        """Register a form. Its fields are parsed before the view is called, except multipart ones."""
        return self._register(path, Route(**options), methods=["POST"])

    def _register(self, path: str, route: Route, *, methods: list[str]) -> Callable[[View], View]:
        self.routes |= {(method, path): route for method in methods}

        def register(view: View) -> View:
            @functools.wraps(view)
            def answer(**uri: str) -> Response:
                return respond(self.current_request, route, view, uri)

            self.route(path, methods=methods, content_types=["*/*"])(answer)
            return view

        return register


def respond(request: Request, route: Route, view: View, uri: dict[str, str]) -> Response:
    """Check access, call the view, and turn exceptions into pages: Chalice would make JSON before any middleware."""
    portal = portals.current()
    reference = request_reference(request.context or {})
    visit: Visit | None = None
    try:
        visit = visit_from_request(request, portal)
        visit = check_access(visit, route, uri)
        return view(visit, **uri)
    except SessionExpired:
        return responses.redirect_to_sign_in(visit or visit_from_request(request, portal))
    except PortalError as refusal:
        message = guide.COOKIES_NEEDED if isinstance(refusal, CookieLost) else None
        reference = visit.reference if visit else reference
        # The route's pattern rather than the path, which may name an invoice or hold a token.
        facts = {"refusal": type(refusal).__name__, "status": refusal.suggested_status}
        logger.info("refused", extra=facts | {"method": request.method, "route": request.path, "reference": reference})
        return responses.error_page(portal, refusal.suggested_status, reference=reference, visit=visit, message=message)
    except Unavailable as failure:
        logger.warning("unavailable", extra={"what": str(failure), "reference": reference}, exc_info=True)
        return responses.error_page(portal, failure.suggested_status, reference=reference, visit=visit)
    except Exception:
        logger.exception("unexpected", extra={"reference": reference})
        return responses.error_page(portal, 500, reference=reference, visit=visit)


def check_access(visit: Visit, route: Route, uri: Mapping[str, str]) -> Visit:
    """Returns the visit with its session and form. Raises SessionExpired, before any CSRF check, or as `read_form`."""
    if route.access is not Access.MACHINE and visit.handle[1]:
        visit = authenticate(visit, reads=route.reads, uri=uri)
    if route.access is Access.FAMILY and visit.session is None:
        raise SessionExpired
    if visit.method != "POST":
        return visit
    if route.csrf:
        refuse_cross_origin(visit.headers, visit.portal.origins)
    return read_form(visit, route)


def authenticate(visit: Visit, *, reads: Sequence[str], uri: Mapping[str, str]) -> Visit:
    """Returns the visit with its session and what its route reads, or unchanged when there is no live session.

    The cookie's handle only says where to look: the session must be that account's own. One round trip to DynamoDB.
    """
    portal, (username, _) = visit.portal, visit.handle
    wanted = [_wanted(portal, name, username, uri) for name in reads]
    session, found = portal.stores.sessions.find_with(visit.token_hash, wanted)
    now, idle = portal.clock(), timedelta(minutes=portal.settings.session_idle_minutes)
    if session is None or session.username != username or not session.alive(now, idle):
        return visit
    if session.needs_refresh(now):
        portal.stores.sessions.touch(visit.token_hash, now)
    items = {name: _store(portal, name).read(item) for name, item in zip(reads, found, strict=True)}
    return replace(visit, session=session, items=items)


def _store(portal: Portal, name: str) -> Any:
    """Returns the store of what a route reads: « account », « summary », « invoice » or « payment »."""
    stores = portal.stores
    return {
        "account": stores.accounts, "summary": stores.summaries, "invoice": stores.invoices, "payment": stores.payments
    }[name]  # fmt: skip


def _wanted(portal: Portal, name: str, username: str, uri: Mapping[str, str]) -> Any:
    """Returns the DynamoDB request for what a route reads, given the account and the path's parameters."""
    if name == "invoice":
        return portal.stores.invoices.batch_key(username, uri["numero"] if NUMBER.fullmatch(uri["numero"]) else NO_ITEM)
    if name == "payment":
        return portal.stores.payments.batch_key(uri["reference"] if REFERENCE.fullmatch(uri["reference"]) else NO_ITEM)
    return _store(portal, name).batch_key(username)


def read_form(visit: Visit, route: Route) -> Visit:
    """Returns the visit with its posted fields. Raises UnsupportedMedia, Forbidden, BadRequest or PayloadTooLarge."""
    if route.form == forms.ANY_CONTENT_TYPE:
        return visit
    content_type = visit.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != route.form:
        raise UnsupportedMedia
    if route.form == forms.MULTIPART:
        return visit  # parsed by the view
    visit = replace(visit, form=forms.parse_form(visit.body))
    if route.csrf:
        visit.require_form_token(visit.form)
    return visit


def harden_response(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """Middleware: French error pages in place of Chalice's JSON, no body for HEAD, security headers."""
    response = get_response(request)
    if isinstance(response.body, dict):
        reference = request_reference(request.context or {})
        response = gateway_error_page(response.status_code, reference=reference, allow=response.headers.get("Allow"))
    if request.method == "HEAD":
        response.body = b""
    add_security_headers(response.headers)
    return response


def gateway_error_page(status: int, *, reference: str, allow: Any = None) -> Response:
    """Returns the French page for an error raised before any view (unknown address, method or media type)."""
    try:
        response = responses.error_page(portals.current(), status, reference=reference)
    except Exception:
        logger.exception("no settings", extra={"reference": reference})
        response = responses.last_resort()
    if allow:
        response.headers["Allow"] = allow
    add_security_headers(response.headers)
    return response


def add_security_headers(headers: dict[str, Any]) -> None:
    """Add missing headers, in place; by default nothing may be cached (only versioned static files are)."""
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", content_security_policy())
    headers.setdefault("Cache-Control", "no-store")


def content_security_policy(form_action: str = "") -> str:
    """Returns the content security policy; `form_action` names the one other origin that a page's form may post to."""
    return CONTENT_SECURITY_POLICY.format(elsewhere=f" {form_action}" if form_action else "")
