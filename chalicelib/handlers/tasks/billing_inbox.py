"""Lambda task on S3 upload: imports a billing file of the inbox as a run to check."""

import logging
import tempfile
from typing import Any
from urllib.parse import unquote_plus

from chalicelib import portal as portals
from chalicelib.errors import RunRefused
from chalicelib.formats import day_in_paris
from chalicelib.portal import Portal
from chalicelib.services.billing.import_run import identify_file, import_run

INBOX = "inbox"
"""The author recorded in the run when S3, not an agent, started the import."""

logger = logging.getLogger(__name__)


def receive(event: dict[str, Any]) -> dict[str, list[str]]:
    """S3 event → `{"runs"}`, the names of the runs imported. Safe to repeat: S3 may send an event twice.

    Raises Unavailable: Lambda retries.
    """
    portal = portals.current()
    objects = [record["s3"]["object"] for record in event.get("Records", ())]
    return {"runs": [_receive(portal, one) for one in objects if not one["key"].endswith("/")]}


def _receive(portal: Portal, deposited: dict[str, Any]) -> str:
    key = unquote_plus(deposited["key"])
    with tempfile.TemporaryFile() as copy:
        portal.stores.inbox.copy(key, copy, version=deposited.get("versionId", ""))
        file = identify_file(copy, key.rpartition("/")[2], today=day_in_paris(portal.clock()))
        try:
            run = import_run(file, by=INBOX, stores=portal.stores, clock=portal.clock).run
        except RunRefused as refusal:  # the office cancelled the run: a retry would not help
            logger.warning("billing_file_refused", extra={"run": file.run_name(), "reason": refusal.reason})
            return file.run_name()
    facts = {"run": run.run, "state": run.state, "invoices": run.figures.invoices, "errors": run.bad_lines}
    logger.info("billing_file_received", extra=facts)
    return run.run
