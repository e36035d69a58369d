"""Publish a checked billing run for a day, its bad lines discarded first (*écarter*)."""

from datetime import date

from chalicelib.clock import Clock
from chalicelib.domain.billing_run import BillingRun, RunEvent, publish, settle_errors
from chalicelib.errors import RunRefused
from chalicelib.formats import day_in_paris
from chalicelib.store.invoices import InvoiceStore
from chalicelib.stores import Stores


def discard_bad_lines(name: str, *, by: str, stores: Stores, clock: Clock) -> BillingRun:
    """*Écarter*: accept the run without its bad lines, which stay in its report. Raises NotFound, RunRefused."""
    run = stores.runs.get(name)
    event = RunEvent(event="errors_settled", at=clock(), by=by, detail=str(run.unresolved))
    return stores.runs.change(name, lambda run: settle_errors(run, event))


def publish_run(name: str, on: date, *, by: str, stores: Stores, clock: Clock, dry_run: bool = False) -> BillingRun:
    """Schedule the run's release and mailing for a day (Paris), today included; a later call may change the day.

    Every counted invoice must be stored. Returns it; with `dry_run`, as it would be, and nothing is written.
    Raises NotFound, RunRefused, Unavailable.
    """
    event = RunEvent(event="published", at=clock(), by=by, detail=on.isoformat())
    today = day_in_paris(event.at)
    run = stores.runs.get(name)
    published = publish(run, on, today=today, event=event)
    require_complete(run, stores.invoices)
    if dry_run:
        return published
    return stores.runs.change(name, lambda run: publish(run, on, today=today, event=event))


def require_complete(run: BillingRun, invoices: InvoiceStore) -> None:
    """Check that the run has as many invoices as its file, with a count on the index (nothing is read).

    Raises RunRefused when some are missing, or too new for the index, which is eventually consistent.
    """
    if invoices.count_in_run(run.run) != run.figures.invoices:
        raise RunRefused("incomplete")
