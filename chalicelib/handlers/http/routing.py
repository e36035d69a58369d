"""The edge of Chalice: a French page for every outcome, sign-in by default, CSRF on every form, headers everywhere."""

import functools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from chalice.app import Blueprint, Chalice, Request, Response

from chalicelib import portal as portals
from chalicelib.errors import (
    CookieLost,
    Forbidden,
    PortalError,
    SessionExpired,
    Unavailable,
    UnsupportedMedia,
)
from chalicelib.handlers.http import csrf, current_session, forms, responses
from chalicelib.handlers.http.headers import harden_headers
from chalicelib.handlers.http.visit import Visit, arrive, reference_of
from chalicelib.wording import guide

logger = logging.getLogger(__name__)
View = Callable[..., Response]


class Door(Enum):
    """Who may pass: a family signed in; anybody, known if signed in; or a machine, for whom no cookie is read."""

    FAMILY = "family"
    PUBLIC = "public"
    MACHINE = "machine"


@dataclass(frozen=True)
class Route:
    """What a route asks of its visitors; `reads` is fetched together with the session, in one round trip."""

    door: Door = Door.FAMILY
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
    visit: Visit | None = None
    try:
        visit = arrive(request, portal)
        visit = admit(visit, route, uri)
        return view(visit, **uri)
    except SessionExpired:
        return to_sign_in(visit or arrive(request, portal))
    except PortalError as refusal:
        told = guide.COOKIES_NEEDED if isinstance(refusal, CookieLost) else None
        status = refusal.suggested_status
        quoted = visit.reference if visit else reference(request)
        logger.info("refused", extra=what_was_refused(request, refusal) | {"reference": quoted})
        return responses.error_page(portal, status, reference=quoted, visit=visit, told=told)
    except Unavailable as failure:
        logger.warning("unavailable", extra={"what": str(failure), "reference": reference(request)}, exc_info=True)
        return responses.error_page(portal, failure.suggested_status, reference=reference(request), visit=visit)
    except Exception:
        logger.exception("unexpected", extra={"reference": reference(request)})
        return responses.error_page(portal, 500, reference=reference(request), visit=visit)


def what_was_refused(request: Request, refusal: PortalError) -> dict[str, Any]:
    """For the log: the route's pattern rather than the path, which may name an invoice or hold a token."""
    said = {"refusal": type(refusal).__name__, "status": refusal.suggested_status}
    return said | {"method": request.method, "route": request.path}


def admit(visit: Visit, route: Route, uri: dict[str, str]) -> Visit:
    """Recognise the family, then check where a form comes from. Raises SessionExpired before CSRF is looked at."""
    if route.door is not Door.MACHINE:
        visit = current_session.recognise(visit, reads=route.reads, uri=uri)
    if route.door is Door.FAMILY and visit.session is None:
        raise SessionExpired
    if visit.method != "POST":
        return visit
    if route.csrf:
        csrf.refuse_foreign(visit.headers, visit.portal.settings.origins)
    return with_form(visit, route)


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
        require_token(visit, visit.form.get(csrf.FIELD, ""))
    return visit


def require_token(visit: Visit, token: str) -> None:
    """Raise Forbidden unless the token was made for this browser, CookieLost when it brought no cookie to tell."""
    if not visit.csrf_secret:
        raise CookieLost
    if not csrf.is_form_token(token, visit.csrf_secret, visit.portal.secrets.csrf):
        raise Forbidden


def to_sign_in(visit: Visit) -> Response:
    """To the sign-in page, and back to the page asked for afterwards when it was only a look."""
    wanted = visit.path if visit.method in ("GET", "HEAD") and visit.path != "/" else ""
    return responses.see_other(visit, "/connexion" + (f"?suite={quote(wanted)}" if wanted else ""))


def reference(request: Request) -> str:
    return reference_of(request.context or {})


def harden(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """Middleware around every route: our page in place of Chalice's JSON errors, no body to HEAD, security headers."""
    response = get_response(request)
    if isinstance(response.body, dict):
        response = gateway_page(response.status_code, reference=reference(request), allow=response.headers.get("Allow"))
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
        response = responses.html(responses.LAST_RESORT, HTTPStatus.SERVICE_UNAVAILABLE)
    if allow:
        response.headers["Allow"] = allow
    harden_headers(response.headers)
    return response
