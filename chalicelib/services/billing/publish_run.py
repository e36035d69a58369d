"""Decide what becomes of a checked run: leave its bad lines out, and publish it for a day."""

from datetime import date

from chalicelib.clock import Clock
from chalicelib.domain.billing_run import BillingRun, RunEvent, publish, settle_errors
from chalicelib.errors import RunRefused
from chalicelib.formats import day_in_paris
from chalicelib.store.invoices import InvoiceStore
from chalicelib.stores import Stores


def settle_run_errors(name: str, *, by: str, stores: Stores, clock: Clock) -> BillingRun:
    """*Écarter*: publish without the bad lines, which stay in the run's report. Raises NotFound, RunRefused."""
    run = stores.runs.get(name)
    event = RunEvent(event="errors_settled", at=clock(), by=by, detail=str(run.unresolved))
    return stores.runs.change(name, lambda run: settle_errors(run, event))


def publish_run(name: str, on: date, *, by: str, stores: Stores, clock: Clock) -> BillingRun:
    """Have the run shown and delivered on that day of the town, today included; a later call may change the day.

    Every invoice that was counted must be there. Raises NotFound, RunRefused, Unavailable.
    """
    event = RunEvent(event="published", at=clock(), by=by, detail=on.isoformat())
    today = day_in_paris(event.at)
    run = stores.runs.get(name)
    publish(run, on, today=today, event=event)
    require_whole(run, stores.invoices)
    return stores.runs.change(name, lambda run: publish(run, on, today=today, event=event))


def require_whole(run: BillingRun, invoices: InvoiceStore) -> None:
    """As many invoices stand in the run as its file gave; the index counts them, none travels.

    Raises RunRefused when some are missing, or are too new for the index to know them.
    """
    if invoices.count_in_run(run.run) != run.figures.invoices:
        raise RunRefused("incomplete")
