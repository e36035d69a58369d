"""Draw and store the PDFs of a batch before its invoices are visible; one that cannot be drawn stops no other."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Outcome, delivery_of
from chalicelib.domain.invoice import Document, Invoice
from chalicelib.errors import Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.services.authentication.access_letters import record_code_printed
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.pdf_bundle import bundle
from chalicelib.services.mailing.plan import pairs_of
from chalicelib.store.documents import invoice_key

IN_MEMORY = 20
"""PDFs drawn before they are stored, in parallel."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class DrawnDocument:
    """A stored document, its bytes, and the characters missing from its fonts."""

    document: Document
    content: bytes
    missing: str = ""


def draw_batch(run: str, batch: str, *, context: MailingContext) -> int:
    """Draw the missing PDFs, and store the batch's PDFs as one bundle for the tasks that mail and print them.

    Safe to repeat: the first document of an invoice stays. Returns how many have one. Raises NotFound, Unavailable.
    """
    pairs = pairs_of(run, batch, context=context)
    drawn: dict[str, DrawnDocument] = {}
    for some in in_batches(pairs):
        drawn |= _draw(run, some, context)
    documents = {number: document.document.model_dump(mode="json") for number, document in drawn.items()}
    missing = {number: document.missing for number, document in drawn.items() if document.missing}
    context.stores.pdf_bundles.put(
        run, s3_names.bundle(batch), bundle({number: document.content for number, document in drawn.items()})
    )
    if missing:  # a repeated batch finds its documents drawn, and must not overwrite what was missing
        context.stores.mailing_files.put_json(run, s3_names.missing(batch), missing)
    context.stores.mailing_files.put_json(run, s3_names.drawn(batch), documents)
    return len(drawn)


def _draw(run: str, pairs: Sequence[tuple[str, str]], context: MailingContext) -> dict[str, DrawnDocument]:
    invoices = context.stores.invoices.find_many(pairs)
    accounts = context.stores.accounts.find_many(sorted({username for username, _ in pairs}))
    drawn: dict[str, DrawnDocument] = {}
    for some in in_batches(invoices.values(), IN_MEMORY):
        drawings = [
            (one, drawing) for one in some if (drawing := _drawing(run, one, accounts.get(one.username), context))
        ]
        stored = in_threads(lambda pair: _store(*pair, context), drawings)
        drawn |= {invoice.number: document for (invoice, _), document in zip(drawings, stored, strict=True)}
    return drawn


def _drawing(run: str, invoice: Invoice, account: Account | None, context: MailingContext) -> tuple[bytes, str] | None:
    """Returns the PDF and its missing characters, both empty if drawn before; None, marked failed, if undrawable."""
    if invoice.document:
        return b"", ""
    if account is None:
        _fail(run, invoice, "no-account", context)
        return None
    try:
        drawn = context.draw(
            invoice, record_code_printed(account, day_in_paris(context.clock()), accounts=context.stores.accounts)
        )
    except Unavailable:
        raise
    except Exception:
        logger.exception("not drawn", extra={"run": run, "number": invoice.number})
        _fail(run, invoice, "drawing", context)
        return None
    return drawn.content, drawn.missing_characters


def _store(invoice: Invoice, drawing: tuple[bytes, str], context: MailingContext) -> DrawnDocument:
    content, missing = drawing
    if invoice.document:
        return DrawnDocument(invoice.document, context.stores.documents.read(invoice.document.key))
    key = invoice_key(invoice.number)
    stored = context.stores.documents.keep(key, content)
    document = Document(key=key, sha256=stored.sha256, size_bytes=stored.size_bytes, drawn_at=context.clock())
    return DrawnDocument(document, content if stored.first else context.stores.documents.read(key), missing)


def _fail(run: str, invoice: Invoice, reason: str, context: MailingContext) -> None:
    context.stores.deliveries.put_first(delivery_of(run, invoice, Outcome.FAILED, context.clock(), reason=reason))
