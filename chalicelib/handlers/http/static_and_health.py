"""Unauthenticated machine routes: static files and the health check."""

from chalice.app import Response

from chalicelib.handlers.http import responses
from chalicelib.handlers.http.assets import static_file
from chalicelib.handlers.http.routing import CACHE_IMMUTABLE, Access, Pages
from chalicelib.handlers.http.visit import Visit

pages = Pages(__name__)


@pages.get("/static/{version}/{file}", access=Access.MACHINE)
def show_static(visit: Visit, version: str, file: str) -> Response:
    content, content_type = static_file(file, visit.portal.town)
    answer = responses.file(content, content_type=content_type)
    answer.headers["Cache-Control"] = CACHE_IMMUTABLE
    return answer


@pages.get("/sante", access=Access.MACHINE)
def show_health(visit: Visit) -> Response:
    """Returns 200 when sign-in can work, the tables of accounts and attempts being readable; 503 otherwise."""
    visit.portal.stores.attempts.read([("sante",)])
    visit.portal.stores.accounts.find("sante")
    return responses.file(b"ok\n", content_type="text/plain; charset=utf-8")
