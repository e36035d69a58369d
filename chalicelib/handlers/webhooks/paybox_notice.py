"""The bank's notice, server to server: believed only when it is signed, answered with a status and an empty body."""

import logging
from http import HTTPStatus

from chalice.app import Response

from chalicelib.domain.bank_notice import Fate
from chalicelib.errors import NoticeRejected, Unavailable
from chalicelib.handlers.http.forms import ANYTHING
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.payments.receive_notice import ReceivedNotice, follow_up, receive_notice

pages = Pages(__name__)
logger = logging.getLogger(__name__)


@pages.post("/paybox/notification", access=Access.MACHINE, csrf=False, form=ANYTHING)
def hear_notice(visit: Visit) -> Response:
    """200 once the message is settled or kept; 403 or 413 when it is not believed; 500 when the store failed."""
    portal = visit.portal
    heard = ReceivedNotice(visit.body, source=visit.source, known_source=portal.bank.is_source(visit.source))
    try:
        settled = receive_notice(heard, read=portal.bank.read, stores=portal.stores, clock=portal.clock)
    except NoticeRejected as refusal:
        _log_refusal(heard, refusal)
        return empty(refusal.suggested_status)
    except Unavailable:
        logger.exception("notice_not_settled", extra=_named(heard))
        return empty(HTTPStatus.INTERNAL_SERVER_ERROR)
    if settled.fate is Fate.UNKNOWN:
        logger.error("notice_of_unknown_payment", extra=_named(heard))
    follow_up(settled, tasks=portal.tasks, journal=portal.stores.journal, clock=portal.clock)
    return empty(HTTPStatus.OK)


def empty(status: int) -> Response:
    """No body, no redirect: what Paybox expects."""
    return Response(b"", status_code=int(status), headers={"Content-Type": "text/plain"})


def _log_refusal(heard: ReceivedNotice, refusal: NoticeRejected) -> None:
    """One line, without a word of the message; what the bank did sign and we cannot read is an alarm."""
    said = logger.error if refusal.unreadable else logger.warning
    said("notice_refused", extra=_named(heard) | {"reason": refusal.reason})


def _named(heard: ReceivedNotice) -> dict[str, str | int]:
    return {"digest": heard.digest, "octets": len(heard.raw), "source": heard.source}
