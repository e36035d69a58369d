"""Lambda tasks of payments: draw a receipt, mail a receipt or a refusal, repair what was left unfinished."""

import logging
from typing import Any

from chalicelib import portal as portals
from chalicelib.errors import NotFound
from chalicelib.portal import Portal
from chalicelib.services.payments.payment_mails import numbered_receipt, send_receipt, send_refusal
from chalicelib.services.payments.receipts import keep_receipt
from chalicelib.services.payments.receive_notice import follow_up, settle_waiting_notices, start_mail
from chalicelib.services.payments.sweep import RECEIPT, sweep

logger = logging.getLogger(__name__)

MAX_LOGGED = 20
"""References in one log line, at most."""


def draw(event: dict[str, Any]) -> dict[str, int]:
    """`{"reference"}` → `{"number"}` of the receipt, whose document now exists. Raises NotFound, Unavailable."""
    receipt, _ = _receipt(portals.current(), event["reference"])
    return {"number": receipt.number}


def mail(event: dict[str, Any]) -> dict[str, str | None]:
    """`{"reference", "mail"}`, a mail of domain.payment.MAILS → `{"mail"}`, its state; None if none was due.

    Raises Unavailable: Lambda retries.
    """
    portal = portals.current()
    services: dict[str, Any] = {
        "stores": portal.stores,
        "mailer": portal.mailer,
        "town": portal.town,
        "link": portal.settings.link,
        "clock": portal.clock,
    }
    if event["mail"] != RECEIPT:
        return {"mail": send_refusal(event["reference"], **services)}
    return {"mail": send_receipt(*_receipt(portal, event["reference"]), **services)}


def look_after(event: Any) -> dict[str, int]:
    """Settle stored notices, close expired attempts, restart lost mails. Returns the counts, with what needs review."""
    portal = portals.current()
    settled_notices = settle_waiting_notices(stores=portal.stores, clock=portal.clock)
    for settled in settled_notices:
        follow_up(settled, tasks=portal.tasks, journal=portal.stores.journal, clock=portal.clock)
    swept = sweep(
        payments=portal.stores.payments,
        clock=portal.clock,
        start_mail=lambda attempt, which: start_mail(attempt, which, tasks=portal.tasks),
    )
    counts = {
        "taken_up": len(settled_notices),
        "closed": swept.closed,
        "mails": swept.mails,
        "unexplained": len(swept.needs_review),
    }
    references = [attempt.reference for attempt in swept.needs_review[:MAX_LOGGED]]
    level = logging.ERROR if references else logging.INFO
    logger.log(level, "payments_looked_after", extra=counts | {"references": references})
    return counts


def _receipt(portal: Portal, reference: str) -> tuple[Any, bytes]:
    """Returns the receipt of a paid attempt and its PDF, numbered and drawn now if need be. Raises NotFound."""
    attempt = portal.stores.payments.find(reference)
    if attempt is None:
        raise NotFound
    receipt = numbered_receipt(attempt, stores=portal.stores, clock=portal.clock)
    return receipt, keep_receipt(receipt, draw=portal.draw_receipt, documents=portal.stores.documents)
