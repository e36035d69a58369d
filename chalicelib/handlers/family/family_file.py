"""*Consulter mon dossier famille*, /dossier, and reporting an error in it, /dossier/signalement."""

from typing import Any

from chalice.app import Response

from chalicelib.domain.family import Family
from chalicelib.errors import FormRefused
from chalicelib.handlers.http.form_key import once
from chalicelib.handlers.http.forms import multiline_field, text_field
from chalicelib.handlers.http.responses import page, see_other
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.side_effects import announce, error_messages, quota_exceeded
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.report_error import REPORTS_A_DAY, check_report, report_error

pages = Pages(__name__)


@pages.get("/dossier", reads=("account",))
def show_family_file(visit: Visit) -> Response:
    return family_file_page(visit)


@pages.get("/dossier/signalement")
def show_report(visit: Visit) -> Response:
    """The form is part of the family file's page."""
    return see_other(visit, "/dossier")


@pages.post("/dossier/signalement", reads=("account",))
def submit_report(visit: Visit) -> Response:
    return once(visit, visit.form, lambda: report(visit))


def report(visit: Visit) -> Response:
    about, message = text_field(visit.form, "sujet"), multiline_field(visit.form, "message")
    try:
        check_report(about, message)
        if quota_exceeded(visit, "report", REPORTS_A_DAY):
            raise FormRefused({"message": "too_many_today"})
        request = report_error(
            visit.username, about, message, requests=visit.portal.stores.requests, clock=visit.portal.clock
        )
    except FormRefused as refusal:
        typed = {"sujet": about, "message": message}
        return family_file_page(visit, status=422, values=typed, errors=error_messages(visit, refusal.reasons))
    announce(visit, visit.username, "error_reported", detail=request.id)
    return see_other(visit, "/dossier?fait=signalement")


def family_file_page(visit: Visit, **context: Any) -> Response:
    """The holder's own data and the family's children; nothing about a parent who lives elsewhere."""
    account = visit.account.as_of(visit.today)
    family = visit.portal.stores.families.find(account.family) or Family(family=account.family)
    defaults: dict[str, Any] = {"values": {}, "errors": {}}
    return page(visit, "family_file", account=account, family=family, today=visit.today, **(defaults | context))
