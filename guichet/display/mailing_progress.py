"""Follows a mailing with two progress bars, drawing then delivery."""

import time
from collections.abc import Callable

from chalicelib.domain.billing_run import BillingRun, RunState
from chalicelib.portal import Portal
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.plan import BATCH
from chalicelib.services.mailing.schedule import is_running
from guichet.console import progress

POLL_SECONDS = 1.0
"""Seconds between two measures of a mailing's progress."""

WAIT_FACTOR = 9
"""The next measure waits at least this many times the duration of the last: it counts the whole run."""


def follow_mailing(portal: Portal, run: BillingRun) -> BillingRun:
    """Show the bars until the run is closed or its workflow ended. Returns the run."""
    _show_progress(
        "PDF tracés",
        portal,
        run,
        lambda: sum(1 for _ in portal.stores.mailing_files.names(run.run, s3_names.DRAWN)) * BATCH,
        whole=True,
    )
    return _show_progress("Factures délivrées", portal, run, lambda: portal.stores.deliveries.settled(run.run))


def _show_progress(
    label: str, portal: Portal, run: BillingRun, measure: Callable[[], int], *, whole: bool = False
) -> BillingRun:
    """Move a progress bar until the mailing ends, or with `whole` until it is full. Returns the run as last read."""
    total, displayed = run.figures.invoices, 0
    with progress(label, total) as advance:
        while True:
            ended = not is_running(run.run, executions=portal.stores.executions)
            current = portal.stores.runs.find(run.run) or run
            measured_at = time.monotonic()
            done = min(measure(), total)
            advance(done - displayed)
            displayed = done
            if ended or current.state is RunState.CLOSED or (whole and done == total):
                return current
            time.sleep(max(POLL_SECONDS, WAIT_FACTOR * (time.monotonic() - measured_at)))
