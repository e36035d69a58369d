"""Public legal pages: accessibility statement, legal notice, personal data."""

from chalice.app import Response

from chalicelib.handlers.http.responses import page
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.visit import Visit

pages = Pages(__name__)


@pages.get("/accessibilite", access=Access.PUBLIC)
def show_accessibility(visit: Visit) -> Response:
    return page(visit, "accessibility")


@pages.get("/mentions-legales", access=Access.PUBLIC)
def show_legal_notice(visit: Visit) -> Response:
    return page(visit, "legal")


@pages.get("/donnees-personnelles", access=Access.PUBLIC)
def show_personal_data(visit: Visit) -> Response:
    return page(visit, "personal_data")
