"""What browsers and monitors fetch without being anybody: static files and the health check."""

from chalice.app import Response

from chalicelib.handlers import answers
from chalicelib.handlers.assets import asset
from chalicelib.handlers.headers import KEPT_FOR_EVER
from chalicelib.handlers.visit import Visit
from chalicelib.handlers.web import Door, Pages

pages = Pages(__name__)


@pages.get("/static/{version}/{file}", door=Door.MACHINE)
def show_static(visit: Visit, version: str, file: str) -> Response:
    content, content_type = asset(file, visit.portal.town)
    answer = answers.file(content, content_type=content_type)
    answer.headers["Cache-Control"] = KEPT_FOR_EVER
    return answer


@pages.get("/sante", door=Door.MACHINE)
def show_health(visit: Visit) -> Response:
    """200 once sign-in can work: the accounts and their counts answer; 503 otherwise."""
    visit.portal.attempts.read([("sante",)])
    visit.portal.accounts.find("sante")
    return answers.file(b"ok\n", content_type="text/plain; charset=utf-8")
