"""Release the drawn invoices of a batch: issue each and list it in one transaction, fifty invoices at a time."""

from collections.abc import Sequence
from typing import Any

from chalicelib.concurrency import in_batches
from chalicelib.domain.invoice import Document, Invoice, InvoiceState
from chalicelib.services.billing.issue_invoices import issue_invoices
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.plan import pairs_of
from chalicelib.stores import Stores

INVOICES_PER_TRANSACTION = 50
"""Invoices per transaction, which holds a hundred writes: the invoice and its account's list."""


def release_batch(run: str, batch: str, *, context: MailingContext) -> int:
    """Issue the invoices of the batch that have a PDF; one without stays hidden. Safe to repeat.

    Returns how many are visible. Raises NotFound, Unavailable.
    """
    facts: dict[str, Any] = context.stores.mailing_files.read_json(run, s3_names.drawn(batch))
    documents = {number: Document.model_validate(one) for number, one in facts.items()}
    visible = 0
    for some in in_batches(pairs_of(run, batch, context=context)):
        found = context.stores.invoices.find_many(some).values()
        drawn = [one for one in found if one.run == run and one.number in documents]
        visible += sum(one.visible for one in drawn)
        waiting = [one for one in drawn if one.state is InvoiceState.PREPARED]
        visible += sum(_release(group, documents, context) for group in in_batches(waiting, INVOICES_PER_TRANSACTION))
    return visible


def _release(invoices: Sequence[Invoice], documents: dict[str, Document], context: MailingContext) -> int:
    issued = [
        one.model_copy(update={"state": InvoiceState.ISSUED, "document": one.document or documents[one.number]})
        for one in invoices
    ]
    if not context.stores.invoice_release.release(issued):
        _one_by_one(issued, context.stores)
    return len(issued)


def _one_by_one(issued: Sequence[Invoice], stores: Stores) -> None:
    """Issue each invoice on its own: some changed since they were read."""
    for one in issued:
        if one.document:
            stores.invoices.attach_document(one.username, one.number, one.document)
    issue_invoices(issued[0].run, [(one.username, one.number) for one in issued], stores=stores)
