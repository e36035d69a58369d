"""The Lambda tasks of payments: draw a receipt, mail it or word of a refusal, and look after what was left open."""

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

MOST_NAMED = 20
"""How many references one line of the log names."""


def draw(event: dict[str, Any]) -> dict[str, int]:
    """`{"reference"}` → the number of the receipt, which has its document now. Raises NotFound, Unavailable."""
    receipt, _ = _receipt(portals.current(), event["reference"])
    return {"number": receipt.number}


def mail(event: dict[str, Any]) -> dict[str, str | None]:
    """`{"reference", "mail"}`, a mail of domain.payment.MAILS → what became of it; None when nothing was to be done.

    Raises Unavailable, for Lambda to try again.
    """
    portal = portals.current()
    way_out: dict[str, Any] = {
        "stores": portal.stores,
        "mailer": portal.mailer,
        "town": portal.town,
        "link": portal.settings.link,
        "clock": portal.clock,
    }
    if event["mail"] != RECEIPT:
        return {"mail": send_refusal(event["reference"], **way_out)}
    return {"mail": send_receipt(*_receipt(portal, event["reference"]), **way_out)}


def look_after(event: Any) -> dict[str, int]:
    """Take up messages that were kept and left, close dead attempts, start lost mails, count what stays unexplained."""
    portal = portals.current()
    taken_up = settle_waiting_notices(stores=portal.stores, clock=portal.clock)
    for settled in taken_up:
        follow_up(settled, tasks=portal.tasks, journal=portal.stores.journal, clock=portal.clock)
    swept = sweep(
        payments=portal.stores.payments,
        clock=portal.clock,
        start_mail=lambda attempt, which: start_mail(attempt, which, tasks=portal.tasks),
    )
    counts = {
        "taken_up": len(taken_up),
        "closed": swept.closed,
        "mails": swept.mails,
        "unexplained": len(swept.needs_review),
    }
    named = [attempt.reference for attempt in swept.needs_review[:MOST_NAMED]]
    logger.log(logging.ERROR if named else logging.INFO, "payments_looked_after", extra=counts | {"references": named})
    return counts


def _receipt(portal: Portal, reference: str) -> tuple[Any, bytes]:
    """The receipt of a paid attempt and its document, numbered and drawn now if need be."""
    attempt = portal.stores.payments.find(reference)
    if attempt is None:
        raise NotFound
    receipt = numbered_receipt(attempt, stores=portal.stores, clock=portal.clock)
    return receipt, keep_receipt(receipt, draw=portal.draw_receipt, documents=portal.stores.documents)
