"""Draw and freeze the documents of a batch before anybody sees its invoices; a poison one stops no other."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.concurrency import in_batches, side_by_side
from chalicelib.domain.account import Account
from chalicelib.domain.delivery import Outcome, delivery_of
from chalicelib.domain.invoice import Document, Invoice
from chalicelib.errors import Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.services.authentication.access_letters import note_printed
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.pdf_bundle import packed
from chalicelib.services.mailing.plan import pairs_of
from chalicelib.store.documents import invoice_key

IN_MEMORY = 20
"""Papers drawn before they are stored side by side."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Paper:
    """A document in hand."""

    document: Document
    content: bytes
    missing: str = ""


def draw_batch(run: str, batch: str, *, context: MailingContext) -> int:
    """Draw what is missing, and keep the batch's papers together for those who mail and print them.

    Safe to repeat: the first document of an invoice stays. Answers how many have one. Raises NotFound, Unavailable.
    """
    pairs = pairs_of(run, batch, context=context)
    papers: dict[str, Paper] = {}
    for some in in_batches(pairs):
        papers |= _draw(run, some, context)
    documents = {number: paper.document.model_dump(mode="json") for number, paper in papers.items()}
    missing = {number: paper.missing for number, paper in papers.items() if paper.missing}
    context.stores.pdf_bundles.put(
        run, s3_names.pack(batch), packed({number: paper.content for number, paper in papers.items()})
    )
    if missing:  # a batch taken again finds its documents drawn, and says nothing of them
        context.stores.mailing_files.put_json(run, s3_names.missing(batch), missing)
    context.stores.mailing_files.put_json(run, s3_names.drawn(batch), documents)
    return len(papers)


def _draw(run: str, pairs: Sequence[tuple[str, str]], context: MailingContext) -> dict[str, Paper]:
    invoices = context.stores.invoices.find_many(pairs)
    accounts = context.stores.accounts.find_many(sorted({username for username, _ in pairs}))
    papers: dict[str, Paper] = {}
    for some in in_batches(invoices.values(), IN_MEMORY):
        mine = [(one, drawing) for one in some if (drawing := _drawing(run, one, accounts.get(one.username), context))]
        kept = side_by_side(lambda pair: _kept(*pair, context), mine)
        papers |= {invoice.number: paper for (invoice, _), paper in zip(mine, kept, strict=True)}
    return papers


def _drawing(run: str, invoice: Invoice, account: Account | None, context: MailingContext) -> tuple[bytes, str] | None:
    """The PDF of an invoice that has none yet, empty for one that has; None, and told, for one that has no remedy."""
    if invoice.document:
        return b"", ""
    if account is None:
        _fail(run, invoice, "no-account", context)
        return None
    try:
        drawn = context.draw(
            invoice, note_printed(account, day_in_paris(context.clock()), accounts=context.stores.accounts)
        )
    except Unavailable:
        raise
    except Exception:
        logger.exception("not drawn", extra={"run": run, "number": invoice.number})
        _fail(run, invoice, "drawing", context)
        return None
    return drawn.content, drawn.missing_characters


def _kept(invoice: Invoice, drawing: tuple[bytes, str], context: MailingContext) -> Paper:
    content, missing = drawing
    if invoice.document:
        return Paper(invoice.document, context.stores.documents.read(invoice.document.key))
    key = invoice_key(invoice.number)
    kept = context.stores.documents.keep(key, content)
    document = Document(key=key, sha256=kept.sha256, octets=kept.octets, drawn_at=context.clock())
    return Paper(document, content if kept.first else context.stores.documents.read(key), missing)


def _fail(run: str, invoice: Invoice, reason: str, context: MailingContext) -> None:
    context.stores.deliveries.put_first(delivery_of(run, invoice, Outcome.FAILED, context.clock(), reason=reason))
