"""Builds HTTP responses: HTML pages, error pages, redirects, files; a static page when settings cannot be read."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from chalice.app import Response

from chalicelib.handlers.http import assets
from chalicelib.handlers.http.visit import VISITOR_COOKIE, Visit, set_cookie
from chalicelib.portal import Portal
from chalicelib.rendering import render
from chalicelib.services.authentication.hashing import new_token
from chalicelib.wording import guide

HTML = "text/html; charset=utf-8"
LAST_RESORT = (
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Service indisponible</title></head>'
    "<body><h1>Service indisponible</h1><p>Le portail est momentanément indisponible. "
    "Réessayez dans quelques minutes.</p></body></html>"
)
"""The page when the settings that templates need cannot be read."""

logger = logging.getLogger(__name__)


def page(visit: Visit, name: str, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
    """Returns a page with the common context. `flash`: a confirmation shown once, named by the query's « fait »."""
    common = {
        **common_context(visit.portal, path=visit.path),
        "signed_in": visit.session is not None,
        "csrf": visit.form_token() if visit.session else "",
        "form_key": new_token(),
        "flash": guide.CONFIRMATIONS.get(visit.query.get("fait", ""), "").format(desk=visit.portal.town.desk),
    }
    return html(render(f"pages/{name}.html", **{**common, **context}), status)


def form_page(visit: Visit, name: str, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
    """Returns a page whose form works signed out: its CSRF token is bound to the visitor's cookie, set if missing."""
    answer = page(visit, name, status=status, csrf=visit.form_token(), **context)
    if visit.session is None and visit.cookies.get(VISITOR_COOKIE) != visit.visitor:
        secure = visit.portal.settings.cookie_secure
        answer.headers["Set-Cookie"] = [set_cookie(VISITOR_COOKIE, visit.visitor, secure=secure)]
    return answer


def common_context(portal: Portal, *, path: str) -> dict[str, Any]:
    """Returns the part of a page's context that does not depend on the visitor."""
    base_path = portal.base_path
    return {
        "town": portal.town,
        "path": path,
        "idle_minutes": portal.settings.session_idle_minutes,
        "link": lambda to: base_path + to,
        "static": lambda file: f"{base_path}/static/{assets.static_version(portal.town)}/{file}",
    }


def error_page(
    portal: Portal,
    status: int,
    *,
    reference: str,
    visit: Visit | None = None,
    message: guide.ErrorMessage | None = None,
) -> Response:
    """Returns an error page: what happened, what to do, and a reference to quote; by default, the status's message."""
    message = message or guide.error_message(status)
    signed_in = visit is not None and visit.session is not None
    context = {
        **common_context(portal, path=visit.path if visit else ""),
        "signed_in": signed_in,
        "csrf": visit.form_token() if visit and signed_in else "",
        "flash": None,
    }
    page_text = render(
        "pages/error.html", status=status, title=message.title, message=message.sentence, reference=reference, **context
    )
    return html(page_text, status)


def html(text: str, status: int) -> Response:
    return Response(text.encode(), status_code=int(status), headers={"Content-Type": HTML})


def see_other(visit: Visit, path: str, *, set_cookies: Sequence[str] = ()) -> Response:
    """Returns a 303 to one of our own paths, relative to the host that the browser used."""
    headers: dict[str, Any] = {"Location": visit.link(path), "Content-Type": HTML}
    if set_cookies:
        headers["Set-Cookie"] = list(set_cookies)
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers=headers)


def file(content: bytes, *, content_type: str, filename: str = "", inline: bool = True) -> Response:
    """Returns these bytes. `filename` must never hold characters typed by a visitor: it goes into a header."""
    headers: dict[str, Any] = {"Content-Type": content_type}
    if filename:
        headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{filename}"'
    return Response(content, headers=headers)


def last_resort() -> Response:
    """Returns a 503 that needs no settings."""
    return html(LAST_RESORT, HTTPStatus.SERVICE_UNAVAILABLE)


def redirect_to_sign_in(visit: Visit) -> Response:
    """Returns a redirect to the sign-in page, which leads back afterwards to a page requested by GET."""
    wanted = visit.path if visit.method in ("GET", "HEAD") and visit.path != "/" else ""
    return see_other(visit, "/connexion" + (f"?suite={quote(wanted)}" if wanted else ""))
