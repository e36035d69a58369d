"""*Formulaire de test de mode de réception de facture*: /mode-de-reception/test, and the specimen as a PDF."""

import base64
from http import HTTPStatus
from typing import Any

from chalice.app import Response

from chalicelib.formats import day_in_paris
from chalicelib.handlers.http.form_key import once
from chalicelib.handlers.http.responses import file, page, see_other
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.side_effects import announce, quota_exceeded
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.sample_invoice import TESTS_A_DAY, VIEWS_A_DAY, new_specimen_token
from chalicelib.services.authentication.daily_quotas import remaining_today

pages = Pages(__name__)

QUOTA = "delivery-check"
TASK = "draw_specimen"


@pages.get("/mode-de-reception/test", reads=("account",))
def show_delivery_check(visit: Visit) -> Response:
    return check_page(visit, sent=visit.query.get("fait") == "test")


@pages.post("/mode-de-reception/test", reads=("account",))
def submit_delivery_check(visit: Visit) -> Response:
    return once(visit, visit.form, lambda: send_specimen(visit))


def send_specimen(visit: Visit) -> Response:
    """By e-mail, the specimen is sent now; on paper, it is drawn when the family opens it."""
    if quota_exceeded(visit, QUOTA, TESTS_A_DAY):
        return check_page(visit, status=HTTPStatus.TOO_MANY_REQUESTS)
    portal = visit.portal
    if visit.account.gets_email:
        token = new_specimen_token(visit.username, tickets=portal.stores.tickets, clock=portal.clock)
        portal.tasks.start(TASK, {"username": visit.username, "mail": token})
    announce(visit, visit.username, "specimen_sent")
    return see_other(visit, "/mode-de-reception/test?fait=test")


@pages.get("/mode-de-reception/test/pdf", reads=("account",))
def show_specimen(visit: Visit) -> Response:
    if quota_exceeded(visit, f"{QUOTA}-look", VIEWS_A_DAY):
        return check_page(visit, status=HTTPStatus.TOO_MANY_REQUESTS)
    drawn = visit.portal.tasks.call(TASK, {"username": visit.username})
    return file(base64.b64decode(drawn["pdf"]), content_type="application/pdf", filename="facture-de-test.pdf")


def check_page(visit: Visit, **context: Any) -> Response:
    portal, account = visit.portal, visit.account.as_of(visit.today)
    left = remaining_today(
        QUOTA,
        account.username,
        most=TESTS_A_DAY,
        day=day_in_paris(portal.clock()),
        attempts=portal.stores.attempts,
    )
    defaults: dict[str, Any] = {
        "mode": "courriel" if account.gets_email else "courrier",
        "email": account.email,
        "address": (account.holder.full_name, *account.address.lines),
        "left": left,
        "sent": False,
    }
    return page(visit, "delivery_check", **(defaults | context))
