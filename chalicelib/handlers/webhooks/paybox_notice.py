"""Webhook of Paybox's payment notice (IPN): trusted only if signed; responds with a status and an empty body."""

import logging
from http import HTTPStatus

from chalice.app import Response

from chalicelib.domain.bank_notice import NoticeOutcome
from chalicelib.errors import NoticeRejected, Unavailable
from chalicelib.handlers.http.forms import ANY_CONTENT_TYPE
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.payments.receive_notice import ReceivedNotice, follow_up, receive_notice

pages = Pages(__name__)
logger = logging.getLogger(__name__)


@pages.post("/paybox/notification", access=Access.MACHINE, csrf=False, form=ANY_CONTENT_TYPE)
def receive_paybox_notice(visit: Visit) -> Response:
    """Returns 200 once the notice is settled or stored; 403 or 413 when rejected; 500 when the store failed."""
    portal = visit.portal
    notice = ReceivedNotice(visit.body, source=visit.source, known_source=portal.bank.is_source(visit.source))
    try:
        settled = receive_notice(notice, read=portal.bank.read, stores=portal.stores, clock=portal.clock)
    except NoticeRejected as refusal:
        _log_refusal(notice, refusal)
        return empty(refusal.suggested_status)
    except Unavailable:
        logger.exception("notice_not_settled", extra=_log_facts(notice))
        return empty(HTTPStatus.INTERNAL_SERVER_ERROR)
    if settled.fate is NoticeOutcome.UNKNOWN:
        logger.error("notice_of_unknown_payment", extra=_log_facts(notice))
    follow_up(settled, tasks=portal.tasks, journal=portal.stores.journal, clock=portal.clock)
    return empty(HTTPStatus.OK)


def empty(status: int) -> Response:
    """Returns an empty response, as Paybox expects."""
    return Response(b"", status_code=int(status), headers={"Content-Type": "text/plain"})


def _log_refusal(notice: ReceivedNotice, refusal: NoticeRejected) -> None:
    """Log without the content; a notice that is signed but unreadable is an error, to raise an alarm."""
    log = logger.error if refusal.unreadable else logger.warning
    log("notice_refused", extra=_log_facts(notice) | {"reason": refusal.reason})


def _log_facts(notice: ReceivedNotice) -> dict[str, str | int]:
    return {"digest": notice.digest, "octets": len(notice.raw), "source": notice.source}
