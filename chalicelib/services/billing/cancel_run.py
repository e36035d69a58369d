"""Cancel a billing run that is not published: mark it first, then remove its invoices and free their numbers."""

from chalicelib.clock import Clock
from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.billing_run import BillingRun, RunEvent, RunState, cancel
from chalicelib.domain.invoice import InvoiceState
from chalicelib.store.invoices import InvoiceStore
from chalicelib.stores import Stores


def cancel_run(name: str, *, by: str, stores: Stores, clock: Clock) -> tuple[BillingRun, int]:
    """Cancel a run that was not mailed, and remove its invoices; on a cancelled one, remove what is left.

    The run itself stays, with who cancelled it and when. Returns it and how many invoices this call removed.
    Raises NotFound, RunRefused, Unavailable.
    """
    event = RunEvent(event="cancelled", at=clock(), by=by)

    def cancelled(run: BillingRun) -> BillingRun:
        return run if run.state is RunState.CANCELLED else cancel(run, event)

    stores.runs.change(name, cancelled)
    removed = withdraw_invoices(name, invoices=stores.invoices)
    done = RunEvent(event="withdrawn", at=clock(), by=by, detail=str(removed))

    def withdrawn(run: BillingRun) -> BillingRun:
        if run.state is not RunState.CANCELLED or (run.withdrawn_at and not removed):
            return run
        return run.with_event(done, withdrawn_at=done.at)

    return stores.runs.change(name, withdrawn), removed


def require_cancellable(run: BillingRun) -> None:
    """Raise RunRefused unless the run can still be cancelled, or is; nothing is written."""
    if run.state is not RunState.CANCELLED:
        cancel(run, RunEvent(event="cancelled", at=run.deposited_at, by=""))


def withdraw_invoices(run: str, *, invoices: InvoiceStore) -> int:
    """Remove every PREPARED invoice of the run. Safe to repeat. Returns how many this call removed."""
    removed = 0
    for pairs in in_batches(invoices.in_run(run)):
        waiting = [
            invoice
            for invoice in invoices.find_many(pairs).values()
            if invoice.run == run and invoice.state is InvoiceState.PREPARED
        ]
        withdrawn = in_threads(lambda invoice: invoices.withdraw(invoice.username, invoice.number, run=run), waiting)
        removed += sum(withdrawn)
    return removed
