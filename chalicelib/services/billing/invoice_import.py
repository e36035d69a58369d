"""Take in invoices, each whole or not at all: new ones are added, an issued one is never changed.

Safe to repeat and to interrupt: an invoice claims its number, is written, then shows in its account's list; a run that
was stopped between two of these is completed by the next one, and the same file twice changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence

from chalicelib.batching import in_batches
from chalicelib.domain.invoice import Invoice
from chalicelib.services.billing.documents import Shelves
from chalicelib.services.billing.import_outcomes import InvoicesOutcome, Numbered, Reason, Refusal, Sorted
from chalicelib.services.billing.invoice_changes import changes_of, reason_of
from chalicelib.services.billing.invoice_writing import write_invoices
from chalicelib.services.billing.legacy_documents import Takeover

Progress = Callable[[int], None]
"""Told how many invoices were just done."""

Watch = Callable[[Sorted], None]
"""Told what became of a batch."""


def import_invoices(
    given: Iterable[Numbered], *, shelves: Shelves, takeover: Takeover | None = None, dry_run: bool = False,
    progress: Progress = lambda _: None, watch: Watch = lambda _: None,
) -> InvoicesOutcome:  # fmt: skip
    """Add the new invoices, a batch at a time, each number given once. With `dry_run`, only say what would be done.

    `watch` sees each batch once it is written. Raises Unavailable.
    """
    outcome = InvoicesOutcome()
    for batch in in_batches(given):
        told_apart = sort_invoices(batch, shelves=shelves, takeover=takeover)
        if not dry_run:
            told_apart = write_invoices(told_apart, shelves=shelves, takeover=takeover)
        _report(told_apart, outcome)
        watch(told_apart)
        progress(len(batch))
    return outcome


def sort_invoices(batch: Sequence[Numbered], *, shelves: Shelves, takeover: Takeover | None = None) -> Sorted:
    """New, already there or refused, in three reads for the whole batch."""
    accounts = shelves.accounts.find_many(sorted({invoice.username for _, invoice in batch}))
    owners = shelves.invoices.owners([invoice.number for _, invoice in batch])
    held = shelves.invoices.find_many([(owner, number) for number, owner in owners.items()])
    told_apart = Sorted()
    for line, invoice in batch:
        account, found = accounts.get(invoice.username), held.get(invoice.number)
        if account is None:
            told_apart.refused.append(Refusal(line, invoice.number, Reason.UNKNOWN_ACCOUNT))
        elif owners.get(invoice.number, invoice.username) != invoice.username:
            told_apart.refused.append(Refusal(line, invoice.number, Reason.NUMBER_TAKEN))
        elif found is None:
            told_apart.new.append((line, invoice.model_copy(update={"direct_debit": account.direct_debit})))
        else:
            _sort_held(line, found, invoice, told_apart, takeover=takeover)
    return told_apart


def _sort_held(line: int, held: Invoice, given: Invoice, told_apart: Sorted, *, takeover: Takeover | None) -> None:
    changes = changes_of(held, given) + (takeover.changes(held) if takeover else ())
    if changes:
        told_apart.refused.append(Refusal(line, given.number, reason_of(changes), changes))
    else:
        told_apart.held.append(held)


def _report(told_apart: Sorted, outcome: InvoicesOutcome) -> None:
    outcome.added += len(told_apart.new)
    outcome.added_cents += sum(invoice.billed_cents for _, invoice in told_apart.new)
    outcome.unchanged += len(told_apart.held)
    outcome.refused += told_apart.refused
    there = [invoice for _, invoice in told_apart.new] + told_apart.held
    outcome.undrawn += [(invoice.username, invoice.number) for invoice in there if invoice.document is None]
