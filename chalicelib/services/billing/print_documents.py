"""Documents to print once more, byte for byte as they were stored: an invoice's PDF, the receipt of a card payment."""

from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.invoice import InvoiceState
from chalicelib.domain.payment import REFERENCE, Attempt
from chalicelib.errors import NotFound
from chalicelib.services.billing.documents import read_document
from chalicelib.services.payments.receipts import receipt_key
from chalicelib.store.documents import DocumentStore
from chalicelib.stores import Stores
from chalicelib.tasks import Tasks


class PrintObstacle(StrEnum):
    """Why there is nothing to print. LOST: the document was drawn, and is not in S3; PURGED: its invoice was."""

    UNKNOWN = "UNKNOWN"
    UNPUBLISHED = "UNPUBLISHED"
    UNDRAWN = "UNDRAWN"
    LOST = "LOST"
    UNPAID = "UNPAID"
    PURGED = "PURGED"


class Printable(NamedTuple):
    """A stored document (bytes), or the obstacle to printing it. `name`: the invoice's number, or the reference."""

    name: str
    content: bytes = b""
    obstacle: PrintObstacle | None = None
    run: str = ""
    cancelled: bool = False


def invoice_to_print(number: str, *, stores: Stores) -> Printable:
    """Returns the PDF of an invoice that families may see. Raises Unavailable."""
    invoice = stores.invoices.find_by_number(number)
    if invoice is None:
        return Printable(number, obstacle=PrintObstacle.UNKNOWN)
    found = Printable(number, run=invoice.run, cancelled=invoice.state is InvoiceState.CANCELLED)
    if not invoice.visible:
        return found._replace(obstacle=PrintObstacle.UNPUBLISHED)
    if invoice.document is None:
        return found._replace(obstacle=PrintObstacle.UNDRAWN)
    try:
        return found._replace(content=read_document(invoice, documents=stores.documents))
    except NotFound:
        return found._replace(obstacle=PrintObstacle.LOST)


def receipt_to_print(reference: str, *, stores: Stores, tasks: Tasks) -> Printable:
    """Returns the receipt of a card payment, numbered and drawn now if it was not. Raises Unavailable."""
    attempt = stores.payments.find(reference) if REFERENCE.fullmatch(reference) else None
    if attempt is None:
        return Printable(reference, obstacle=PrintObstacle.UNKNOWN)
    if not attempt.paid:
        return Printable(reference, obstacle=PrintObstacle.UNPAID)
    if not stores.invoices.find_many([(attempt.username, number) for number in attempt.invoice_numbers]):
        return Printable(reference, obstacle=PrintObstacle.PURGED)
    return Printable(reference, read_receipt(attempt, documents=stores.documents, tasks=tasks))


def read_receipt(attempt: Attempt, *, documents: DocumentStore, tasks: Tasks) -> bytes:
    """Returns the stored receipt of a paid attempt, numbered and drawn by its task first if it was not.

    Raises Unavailable.
    """
    key = receipt_key(attempt.reference)
    try:
        return documents.read(key)
    except NotFound:
        tasks.call("draw_receipt", {"reference": attempt.reference})
        return documents.read(key)
