"""Lambda tasks of payments: draw a receipt, mail a receipt or a refusal, repair what was left unfinished."""

import logging
from typing import Any

from chalicelib import portal as portals
from chalicelib.errors import NotFound
from chalicelib.formats import in_paris
from chalicelib.portal import Portal
from chalicelib.services.payments.payment_mails import numbered_receipt, send_receipt, send_refusal
from chalicelib.services.payments.receipts import keep_receipt
from chalicelib.services.payments.receive_notice import follow_up, settle_waiting_notices, start_mail
from chalicelib.services.payments.reconciliation_age import days_without_reconciliation
from chalicelib.services.payments.sweep import RECEIPT, sweep

logger = logging.getLogger(__name__)

MAX_LOGGED = 20
"""References in one log line, at most."""

EVERY_MINUTES, RECONCILIATION_HOUR = 10, 8
"""How often payments are looked after; the hour in Paris whose first run looks at the reconciliation."""


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
    """Settle stored notices, close expired attempts, restart lost mails. Returns the counts, with what needs review.

    Once a day, log how long card payments have waited for a reconciliation.
    """
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
    _check_reconciliation(portal)
    return counts


def _check_reconciliation(portal: Portal) -> None:
    """Log the figure that the alarm reads: none is wanted every ten minutes, and tomorrow's makes up for a lost one."""
    now = in_paris(portal.clock())
    if (now.hour, now.minute // EVERY_MINUTES) != (RECONCILIATION_HOUR, 0):
        return
    days = days_without_reconciliation(stores=portal.stores, clock=portal.clock)
    logger.log(logging.ERROR if days else logging.INFO, "reconciliation_checked", extra={"days_late": days})


def _receipt(portal: Portal, reference: str) -> tuple[Any, bytes]:
    """Returns the receipt of a paid attempt and its PDF, numbered and drawn now if need be. Raises NotFound."""
    attempt = portal.stores.payments.find(reference)
    if attempt is None:
        raise NotFound
    receipt = numbered_receipt(attempt, stores=portal.stores, clock=portal.clock)
    return receipt, keep_receipt(receipt, draw=portal.draw_receipt, documents=portal.stores.documents)
