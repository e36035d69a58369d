"""The Lambda task that SNS calls with SES's events about our mails: deliveries, bounces, complaints."""

import json
import logging
from typing import Any

from chalicelib import portal as portals
from chalicelib.services.mailing.ses_events import apply_event, read_event

logger = logging.getLogger(__name__)


def receive(event: dict[str, Any]) -> dict[str, int]:
    """Apply the events of an SNS notification; answers how many changed something. Safe to repeat.

    Raises Unavailable, for SNS to call again.
    """
    portal = portals.current()
    changed = 0
    for record in event.get("Records", ()):
        for told in read_event(json.loads(record["Sns"]["Message"])):
            changed += apply_event(
                told,
                stores=portal.stores,
                clock=portal.clock,
            )
    logger.info("provider's events", extra={"changed": changed})
    return {"changed": changed}
