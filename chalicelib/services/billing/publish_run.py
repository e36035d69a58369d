"""Decide what becomes of a checked run: leave its bad lines out, and publish it for a day."""

from datetime import date

from chalicelib.domain.billing_run import BillingRun, publish, settle_errors
from chalicelib.errors import RunRefused
from chalicelib.formats import day_in_paris
from chalicelib.services.billing.runs import RunShelves, change_run, get_run
from chalicelib.store.invoices import InvoiceStore


def settle_run_errors(name: str, *, by: str, shelves: RunShelves) -> BillingRun:
    """*Écarter*: publish without the bad lines, which stay in the run's report. Raises NotFound, RunRefused."""
    run = get_run(name, shelves.runs)
    event = shelves.event("errors_settled", by, str(run.unresolved))
    return change_run(name, lambda run: settle_errors(run, event), runs=shelves.runs)


def publish_run(name: str, on: date, *, by: str, shelves: RunShelves) -> BillingRun:
    """Have the run shown and delivered on that day of the town, today included; a later call may change the day.

    Every invoice that was counted must be there. Raises NotFound, RunRefused, Unavailable.
    """
    event = shelves.event("published", by, on.isoformat())
    today = day_in_paris(event.at)
    run = get_run(name, shelves.runs)
    publish(run, on, today=today, event=event)
    require_whole(run, shelves.shelves.invoices)
    return change_run(name, lambda run: publish(run, on, today=today, event=event), runs=shelves.runs)


def require_whole(run: BillingRun, invoices: InvoiceStore) -> None:
    """As many invoices stand in the run as its file gave; the index counts them, none travels.

    Raises RunRefused when some are missing, or are too new for the index to know them.
    """
    if invoices.count_in_run(run.run) != run.figures.invoices:
        raise RunRefused("incomplete")
