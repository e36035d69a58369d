"""One-time key of a form that makes something: sent twice, the form is done once, and both lead to the same page."""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus

from chalice.app import Response

from chalicelib.handlers.http.responses import see_other
from chalicelib.handlers.http.visit import CSRF_FIELD, Visit
from chalicelib.services.account.submit_once import submit_once
from chalicelib.services.authentication.hashing import keyed_hash

FORM_KEY_FIELD = "cle"
VISITOR = "visiteur"
"""The holder of a form that is sent signed out; empty, it would not be stored."""

FORM_KEY = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def once(visit: Visit, form: Mapping[str, str], answer: Callable[[], Response]) -> Response:
    """Returns the answer to this form, computed by its first submission; the others get the same redirect.

    Only a redirect (303) is remembered: a refused form may be sent again. Raises what `answer` raises, and Unavailable
    while the first submission does not end.
    """
    answers: list[Response] = []

    def submit() -> str:
        answers.append(answer())
        return location(visit, answers[0])

    path = outcome_once(visit, form, submit)
    return answers[0] if answers else see_other(visit, path)


def outcome_once(visit: Visit, form: Mapping[str, str], submit: Callable[[], str]) -> str:
    """Returns the outcome of this form's first submission, as `submit_once`.

    A form without a key is an old page's, opened before the key existed: it is done each time that it is sent.
    """
    if not FORM_KEY.fullmatch(form.get(FORM_KEY_FIELD, "")):
        return submit()
    portal, secret = visit.portal, visit.portal.secrets.csrf[0]
    content = json.dumps({name: value for name, value in form.items() if name != CSRF_FIELD}, sort_keys=True)
    return submit_once(
        keyed_hash(secret, "form key", visit.csrf_secret, visit.path, form[FORM_KEY_FIELD]),
        # Keyed: the content may hold a password, which must not be guessed from the table.
        keyed_hash(secret, "form content", content),
        submit,
        holder=visit.session.username if visit.session else VISITOR,
        tickets=portal.stores.tickets,
        clock=portal.clock,
    )


def location(visit: Visit, answer: Response) -> str:
    """Returns where a redirect leads, without base path; "" for any other answer, or one that sets a cookie."""
    if answer.status_code != HTTPStatus.SEE_OTHER or "Set-Cookie" in answer.headers:
        return ""
    return str(answer.headers["Location"]).removeprefix(visit.portal.base_path)
