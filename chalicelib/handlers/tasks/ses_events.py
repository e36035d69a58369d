"""Lambda task on SNS messages: SES's events about our mails (deliveries, bounces, complaints)."""

import json
import logging
from typing import Any

from chalicelib import portal as portals
from chalicelib.services.mailing.ses_events import apply_event, read_event

logger = logging.getLogger(__name__)


def receive(event: dict[str, Any]) -> dict[str, int]:
    """SNS event → `{"changed"}`, how many SES events changed something. Safe to repeat.

    Raises Unavailable: SNS retries.
    """
    portal = portals.current()
    changed = 0
    for record in event.get("Records", ()):
        for ses_event in read_event(json.loads(record["Sns"]["Message"])):
            changed += apply_event(
                ses_event,
                stores=portal.stores,
                clock=portal.clock,
            )
    logger.info("provider's events", extra={"changed": changed})
    return {"changed": changed}
