"""Lambda tasks of the mailing workflow (`.chalice/mailing.asl.json`), and its hourly start; all idempotent."""

import logging
from dataclasses import replace
from typing import Any

from chalicelib import portal as portals
from chalicelib.errors import Unavailable
from chalicelib.formats import day_in_paris, in_paris
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.close import close_run
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.deliver import deliver_batch
from chalicelib.services.mailing.draw import draw_batch
from chalicelib.services.mailing.paper import plan_paper, print_part
from chalicelib.services.mailing.plan import plan_run
from chalicelib.services.mailing.release import release_batch
from chalicelib.services.mailing.reminders import plan_reminders, remind_batch
from chalicelib.services.mailing.schedule import backlog, start_due_runs, start_reminders

Event = dict[str, Any]
"""`{"kind", "run", "round", "together"}` along the workflow, `{"run", "batches", "together"}` in its maps; no names."""

RUN, REMINDERS = "run", "reminders"
REMINDERS_FROM_HOUR = 9
"""The hour in Paris from which reminders are sent: none at night."""

logger = logging.getLogger(__name__)


def tick() -> dict[str, list[str]]:
    """Start what is due. Returns `{"started"}`, the executions; the next tick makes up for a lost one.

    Raises Unavailable.
    """
    portal = portals.current()
    context, stores = portal.mailing, portal.stores
    reminders = ""
    if context.policy.reminders and in_paris(portal.clock()).hour >= REMINDERS_FROM_HOUR:
        due = len(stores.runs.due(day_in_paris(portal.clock())))
        reminders = start_reminders(executions=stores.executions, clock=portal.clock, others=due)
    started = start_due_runs(by="tick", stores=stores, clock=portal.clock, others=1 if reminders else 0)
    started += [reminders] if reminders else []
    facts = {"started": started, "day": day_in_paris(portal.clock()).isoformat()}
    logger.info("tick", extra=facts | backlog(runs=stores.runs, clock=portal.clock)._asdict())
    return {"started": started}


def plan(event: Event) -> Event:
    """Split into batches. Returns `{"kind", "round"}` and what the maps read. Raises RunRefused, Unavailable."""
    context = _context_sharing_rate(event)
    plan_batches = plan_reminders if event["kind"] == REMINDERS else plan_run
    return {"kind": event["kind"], "round": event.get("round", "1"), **plan_batches(event["run"], context=context)}


def _context_sharing_rate(event: Event) -> MailingContext:
    """Returns the context, with this execution's share of SES's rate: that rate is divided by `together`."""
    context = portals.current().mailing
    return replace(context, policy=replace(context.policy, together=int(event.get("together", 1))))


def draw(event: Event) -> dict[str, int]:
    """`{"run", "batches"}` → `{"drawn"}`, the number of documents. Safe to repeat."""
    context = portals.current().mailing
    return {"drawn": sum(draw_batch(event["run"], batch, context=context) for batch in event["batches"])}


def check_drawn(event: Event) -> dict[str, int]:
    """`{"run"}` → `{"failed": 0}`. Raises Unavailable when a batch was not drawn: then no invoice becomes visible."""
    failed = list(portals.current().stores.mailing_files.names(event["run"], s3_names.FAILURES))
    if failed:
        raise Unavailable("undrawn batches")
    return {"failed": 0}


def release(event: Event) -> dict[str, int]:
    """`{"run", "batches"}` → `{"visible"}`, the number of invoices that families see now. Safe to repeat."""
    context = portals.current().mailing
    return {"visible": sum(release_batch(event["run"], batch, context=context) for batch in event["batches"])}


def deliver(event: Event) -> dict[str, int]:
    """`{"run", "batches", "together"}` → `{"delivered"}`, the number of invoices or reminders handled."""
    context = _context_sharing_rate(event)
    deliver_one = remind_batch if event["run"].startswith("rappels-") else deliver_batch
    return {"delivered": sum(deliver_one(event["run"], batch, context=context) for batch in event["batches"])}


def fail(event: Event) -> dict[str, int]:
    """`{"run", "step", "batches", "error"}` → `{"listed"}`: record failed batches; a later execution retries them."""
    context = portals.current().mailing
    for batch in event["batches"]:
        listed = {"step": event["step"], "batch": batch, "error": event["error"]}
        context.stores.mailing_files.put_json(event["run"], s3_names.failure(event["step"], batch), listed)
    logger.error("batch failed", extra={"run": event["run"], "step": event["step"], "error": event["error"]})
    return {"listed": len(event["batches"])}


def paper(event: Event) -> dict[str, int]:
    """`{"run"}` → `{"parts"}`, the number of files to print."""
    return {"parts": plan_paper(event["run"], context=portals.current().mailing)}


def print_parts(event: Event) -> dict[str, int]:
    """`{"run", "batches"}` → `{"pages"}`, the number of pages of these files."""
    context = portals.current().mailing
    return {"pages": sum(print_part(event["run"], part, context=context).pages for part in event["batches"])}


def close(event: Event) -> dict[str, bool]:
    """`{"run", "round"}` → `{"closed"}`: whether each invoice has its outcome; if not, the next tick continues."""
    portal = portals.current()
    report = close_run(event["run"], round_=int(event["round"]), context=portal.mailing)
    logger.info("run closed" if report else "run unfinished", extra={"run": event["run"]})
    return {"closed": report is not None}
