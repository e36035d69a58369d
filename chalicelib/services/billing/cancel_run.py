"""Take back a run that nobody saw: it is marked first, then its invoices go and their numbers are free again."""

from chalicelib.clock import Clock
from chalicelib.concurrency import in_batches, side_by_side
from chalicelib.domain.billing_run import BillingRun, RunEvent, RunState, cancel
from chalicelib.domain.invoice import InvoiceState
from chalicelib.store.invoices import InvoiceStore
from chalicelib.stores import Stores


def cancel_run(name: str, *, by: str, stores: Stores, clock: Clock) -> tuple[BillingRun, int]:
    """Cancel a run that did not start, and withdraw its invoices; on a cancelled one, withdraw what is left.

    Its item stays, with who gave it up and when. Answers it and how many invoices this call removed.
    Raises NotFound, RunRefused, Unavailable.
    """
    event = RunEvent(event="cancelled", at=clock(), by=by)

    def cancelled(run: BillingRun) -> BillingRun:
        return run if run.state is RunState.CANCELLED else cancel(run, event)

    stores.runs.change(name, cancelled)
    removed = withdraw(name, invoices=stores.invoices)
    done = RunEvent(event="withdrawn", at=clock(), by=by, detail=str(removed))

    def withdrawn(run: BillingRun) -> BillingRun:
        if run.state is not RunState.CANCELLED or (run.withdrawn_at and not removed):
            return run
        return run.noting(done, withdrawn_at=done.at)

    return stores.runs.change(name, withdrawn), removed


def withdraw(run: str, *, invoices: InvoiceStore) -> int:
    """Remove every PREPARED invoice of the run; safe to repeat. Answers how many this call removed."""
    removed = 0
    for pairs in in_batches(invoices.in_run(run)):
        waiting = [
            invoice
            for invoice in invoices.find_many(pairs).values()
            if invoice.run == run and invoice.state is InvoiceState.PREPARED
        ]
        gone = side_by_side(lambda invoice: invoices.withdraw(invoice.username, invoice.number, run=run), waiting)
        removed += sum(gone)
    return removed
