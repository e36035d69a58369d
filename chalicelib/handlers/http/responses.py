"""What the portal answers with: a page, a redirect, a file, an error that says what to do."""

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
from chalicelib.wording import guide

HTML = "text/html; charset=utf-8"
LAST_RESORT = (
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Service indisponible</title></head>'
    "<body><h1>Service indisponible</h1><p>Le portail est momentanément indisponible. "
    "Réessayez dans quelques minutes.</p></body></html>"
)
"""When even the page's own settings cannot be read."""

logger = logging.getLogger(__name__)


def page(visit: Visit, name: str, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
    """A page for this visit, with what every page needs; `flash` is a sentence shown once on top."""
    common = {
        **frame(visit.portal, path=visit.path),
        "signed_in": visit.session is not None,
        "csrf": visit.form_token() if visit.session else "",
        "flash": guide.DONE.get(visit.query.get("fait", ""), "").format(desk=visit.portal.town.desk),
    }
    return html(render(f"pages/{name}.html", **{**common, **context}), status)


def form_page(visit: Visit, name: str, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
    """A page with a form that works signed out: its token is bound to the visitor's cookie, set here if need be."""
    answer = page(visit, name, status=status, csrf=visit.form_token(), **context)
    if visit.session is None and visit.cookies.get(VISITOR_COOKIE) != visit.visitor:
        secure = visit.portal.settings.cookie_secure
        answer.headers["Set-Cookie"] = [set_cookie(VISITOR_COOKIE, visit.visitor, secure=secure)]
    return answer


def frame(portal: Portal, *, path: str) -> dict[str, Any]:
    """The part of a page's context that does not depend on who visits."""
    base_path = portal.base_path
    return {
        "town": portal.town,
        "path": path,
        "idle_minutes": portal.settings.session_idle_minutes,
        "link": lambda to: base_path + to,
        "static": lambda file: f"{base_path}/static/{assets.version(portal.town)}/{file}",
    }


def error_page(
    portal: Portal,
    status: int,
    *,
    reference: str,
    visit: Visit | None = None,
    told: guide.Failure | None = None,
) -> Response:
    """What happened, what to do, and a reference to quote; French whatever went wrong."""
    told = told or guide.failure(status)
    signed_in = visit is not None and visit.session is not None
    context = {
        **frame(portal, path=visit.path if visit else ""),
        "signed_in": signed_in,
        "csrf": visit.form_token() if visit and signed_in else "",
        "flash": None,
    }
    page_text = render(
        "pages/error.html", status=status, title=told.title, message=told.sentence, reference=reference, **context
    )
    return html(page_text, status)


def html(text: str, status: int) -> Response:
    return Response(text.encode(), status_code=int(status), headers={"Content-Type": HTML})


def see_other(visit: Visit, path: str, *, set_cookies: Sequence[str] = ()) -> Response:
    """303 to one of our own paths, relative to the host the browser used."""
    headers: dict[str, Any] = {"Location": visit.link(path), "Content-Type": HTML}
    if set_cookies:
        headers["Set-Cookie"] = list(set_cookies)
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, headers=headers)


def file(content: bytes, *, content_type: str, filename: str = "", inline: bool = True) -> Response:
    """Bytes as they are; `filename` is made of our own characters only, never of a visitor's."""
    headers: dict[str, Any] = {"Content-Type": content_type}
    if filename:
        headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{filename}"'
    return Response(content, headers=headers)


def last_resort() -> Response:
    """The answer when even the page's own settings cannot be read."""
    return html(LAST_RESORT, HTTPStatus.SERVICE_UNAVAILABLE)


def to_sign_in(visit: Visit) -> Response:
    """To the sign-in page, and back to the page asked for afterwards when it was only a look."""
    wanted = visit.path if visit.method in ("GET", "HEAD") and visit.path != "/" else ""
    return see_other(visit, "/connexion" + (f"?suite={quote(wanted)}" if wanted else ""))
