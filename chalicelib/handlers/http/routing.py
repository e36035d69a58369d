"""Routes: who may visit them, what is read with the session, CSRF on every form, a French page for every outcome."""

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
from chalicelib.handlers.http.visit import Visit, arrive, reference_of, refuse_foreign_origin
from chalicelib.portal import Portal
from chalicelib.wording import guide

logger = logging.getLogger(__name__)
View = Callable[..., Response]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; "
    "form-action 'self'{elsewhere}; base-uri 'none'; frame-ancestors 'none'"
)
CACHE_FOR_EVER = "public, max-age=31536000, immutable"
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
"""No invoice and no payment has this name: what cannot be a name is looked up all the same, so that its 404 differs in
nothing."""


class Access(Enum):
    """Who may visit: a family signed in; anybody, known if signed in; or a machine, for whom no cookie is read."""

    FAMILY = "family"
    PUBLIC = "public"
    MACHINE = "machine"


@dataclass(frozen=True)
class Route:
    """What a route asks of its visitors; `reads` is fetched together with the session, in one round trip."""

    access: Access = Access.FAMILY
    reads: Sequence[str] = ()
    csrf: bool = True
    form: str = forms.URLENCODED


class PortailApp(Chalice):
    """Chalice, fit for browsers: binary bodies as they are, and callers without an Accept header."""

    def __init__(self, app_name: str) -> None:
        super().__init__(app_name)
        # API Gateway decides on the *first* Accept type only; browsers put text/html first, so that with a list of
        # types a PDF would reach them as base64 text.
        self.api.binary_types = ["*/*"]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        headers = event.get("headers") or {}
        if not any(name.lower() == "accept" for name in headers):
            # With binary types Chalice answers 400 to whoever sends none, as the bank's server may.
            event = {**event, "headers": {**headers, "accept": "*/*"}}
        return super().__call__(event, context)


class Pages(Blueprint):
    """A Blueprint whose views take a Visit and answer with a page.

    Chalice is told that any content type will do, and `with_form` looks at it: Chalice refuses a browser's GET for it,
    lets `text/plain; */*` through, and would answer 415 where a session that ended must lead to the sign-in page.
    """

    routes: dict[tuple[str, str], Route]

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.routes = {}

    def get(self, path: str, **asked: Any) -> Callable[[View], View]:
        """A page. HEAD stands beside each GET."""
        return self._register(path, Route(**asked), methods=["GET", "HEAD"])

    def post(self, path: str, **asked: Any) -> Callable[[View], View]:
        """A form; what it posts is read before the view is called, but for multipart."""
        return self._register(path, Route(**asked), methods=["POST"])

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
    """Let the visit in and answer it; Chalice would turn any exception into JSON before middleware saw it."""
    portal = portals.current()
    reference = reference_of(request.context or {})
    visit: Visit | None = None
    try:
        visit = arrive(request, portal)
        visit = admit(visit, route, uri)
        return view(visit, **uri)
    except SessionExpired:
        return responses.to_sign_in(visit or arrive(request, portal))
    except PortalError as refusal:
        explained = guide.COOKIES_NEEDED if isinstance(refusal, CookieLost) else None
        quoted = visit.reference if visit else reference
        # The route's pattern rather than the path, which may name an invoice or hold a token.
        facts = {"refusal": type(refusal).__name__, "status": refusal.suggested_status}
        logger.info("refused", extra=facts | {"method": request.method, "route": request.path, "reference": quoted})
        return responses.error_page(portal, refusal.suggested_status, reference=quoted, visit=visit, told=explained)
    except Unavailable as failure:
        logger.warning("unavailable", extra={"what": str(failure), "reference": reference}, exc_info=True)
        return responses.error_page(portal, failure.suggested_status, reference=reference, visit=visit)
    except Exception:
        logger.exception("unexpected", extra={"reference": reference})
        return responses.error_page(portal, 500, reference=reference, visit=visit)


def admit(visit: Visit, route: Route, uri: Mapping[str, str]) -> Visit:
    """Recognise the family, then check where a form comes from. Raises SessionExpired before CSRF is looked at."""
    if route.access is not Access.MACHINE and visit.handle[1]:
        visit = recognise(visit, reads=route.reads, uri=uri)
    if route.access is Access.FAMILY and visit.session is None:
        raise SessionExpired
    if visit.method != "POST":
        return visit
    if route.csrf:
        refuse_foreign_origin(visit.headers, visit.portal.origins)
    return with_form(visit, route)


def recognise(visit: Visit, *, reads: Sequence[str], uri: Mapping[str, str]) -> Visit:
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
    """Returns what to ask DynamoDB for, given the account's handle and the path's parameters."""
    if name == "invoice":
        return portal.stores.invoices.wanted(username, uri["numero"] if NUMBER.fullmatch(uri["numero"]) else NO_ITEM)
    if name == "payment":
        return portal.stores.payments.wanted(uri["reference"] if REFERENCE.fullmatch(uri["reference"]) else NO_ITEM)
    return _store(portal, name).wanted(username)


def with_form(visit: Visit, route: Route) -> Visit:
    """The visit with its posted fields. Raises UnsupportedMedia, Forbidden, BadRequest or PayloadTooLarge."""
    if route.form == forms.ANYTHING:
        return visit
    kind = visit.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != route.form:
        raise UnsupportedMedia
    if route.form == forms.MULTIPART:
        return visit  # the view reads the body its own way
    visit = replace(visit, form=forms.parse_form(visit.body))
    if route.csrf:
        visit.require_form_token(visit.form)
    return visit


def harden(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """Middleware around every route: our page in place of Chalice's JSON errors, no body to HEAD, security headers."""
    response = get_response(request)
    if isinstance(response.body, dict):
        reference = reference_of(request.context or {})
        response = gateway_page(response.status_code, reference=reference, allow=response.headers.get("Allow"))
    if request.method == "HEAD":
        response.body = b""
    harden_headers(response.headers)
    return response


def gateway_page(status: int, *, reference: str, allow: Any = None) -> Response:
    """The French page for an error that never reached a view (unknown address, method or media type)."""
    try:
        response = responses.error_page(portals.current(), status, reference=reference)
    except Exception:
        logger.exception("no settings", extra={"reference": reference})
        response = responses.last_resort()
    if allow:
        response.headers["Allow"] = allow
    harden_headers(response.headers)
    return response


def harden_headers(headers: dict[str, Any]) -> None:
    """Add what is missing, in place; only versioned static files may be cached."""
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", content_security_policy())
    headers.setdefault("Cache-Control", "no-store")


def content_security_policy(form_action: str = "") -> str:
    """The content security policy; `form_action` names the one other origin that a page's form may post to."""
    return CONTENT_SECURITY_POLICY.format(elsewhere=f" {form_action}" if form_action else "")
