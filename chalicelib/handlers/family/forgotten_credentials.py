"""*Identifiant ou mot de passe oublié ?*: /identifiants-oublies; never reveals whether an address is known."""

from http import HTTPStatus
from typing import Any

from chalice.app import Response

from chalicelib.contact.email_address import find_email
from chalicelib.handlers.http.form_key import once
from chalicelib.handlers.http.forms import raw_field, text_field
from chalicelib.handlers.http.responses import form_page, see_other
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.authentication.remind_credentials import ask_for_credentials
from chalicelib.wording import account as account_wording

pages = Pages(__name__)

SENT = "envoi"
"""Key of the redirect after the form (post/redirect/get): reloading the page sends nothing again."""


@pages.get("/identifiants-oublies", access=Access.PUBLIC)
def show_forgotten(visit: Visit) -> Response:
    return forgotten_page(visit, sent=visit.query.get("fait") == SENT)


@pages.post("/identifiants-oublies", access=Access.PUBLIC)
def submit_forgotten(visit: Visit) -> Response:
    """Nothing is looked up here but in the task that sends the mail: response times must not tell who is known."""
    email = find_email(raw_field(visit.form, "courriel"))
    if email is None:
        wrong = {"courriel": account_wording.REASONS["email_wrong"]}
        return forgotten_page(visit, status=HTTPStatus.UNPROCESSABLE_ENTITY, errors=wrong)
    return once(visit, visit.form, lambda: ask(visit, email))


def ask(visit: Visit, email: str) -> Response:
    ask_for_credentials(email, tasks=visit.portal.tasks, clock=visit.portal.clock)
    return see_other(visit, f"/identifiants-oublies?fait={SENT}")


def forgotten_page(visit: Visit, *, status: int = HTTPStatus.OK, **context: Any) -> Response:
    values = {"courriel": text_field(visit.form, "courriel")}
    defaults: dict[str, Any] = {"values": values, "errors": {}, "sent": False}
    return form_page(visit, "forgotten", status=status, **(defaults | context))
