"""Lambda task on SNS messages: SES's events about our mails (deliveries, bounces, complaints)."""

import json
import logging
from typing import Any

from chalicelib import portal as portals
from chalicelib.services.mailing.ses_events import apply_event, read_event

logger = logging.getLogger(__name__)


def receive(event: dict[str, Any]) -> dict[str, int]:
    """SNS event → `{"changed"}`, how many SES events changed something. Safe to repeat.

    A message that is no event (a test of the topic, a sentence of the provider) is logged and left.
    Raises Unavailable: SNS retries.
    """
    portal = portals.current()
    changed = 0
    for record in event.get("Records", ()):
        for ses_event in read_event(_event_of(record["Sns"]["Message"])):
            changed += apply_event(
                ses_event,
                stores=portal.stores,
                clock=portal.clock,
            )
    logger.info("provider's events", extra={"changed": changed})
    return {"changed": changed}


def _event_of(message: str) -> dict[str, Any]:
    """Returns the event of a message; an empty one when the message is none.

    SES itself sends « Successfully validated SNS topic for Amazon SES event publishing. » when the topic is chosen.
    """
    try:
        found = json.loads(message)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    logger.info("provider's message that is no event", extra={"characters": len(message)})
    return {}
