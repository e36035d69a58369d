"""Payment receipts: numbered in a series without gaps or duplicates, their PDF drawn once and stored unchanged."""

from collections.abc import Callable, Sequence

from chalicelib.clock import Clock
from chalicelib.domain.card_payment.share import Share
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Attempt, Notice
from chalicelib.domain.receipt import Receipt, ReceiptLine
from chalicelib.errors import NotFound
from chalicelib.store.documents import DocumentStore
from chalicelib.store.retry import Wait, retry
from chalicelib.stores import Stores

Draw = Callable[[Receipt], bytes]
"""Returns the PDF (bytes) of a receipt."""

MOST_TRIES = 12
LONGEST_PAUSE = 12.8
"""Many receipts are numbered at once on the eve of a due date, and each round lets one through."""


def receipt_key(reference: str) -> str:
    """Returns the S3 key of a receipt's PDF."""
    return f"recus/{reference}.pdf"


def number_receipt(attempt: Attempt, *, stores: Stores, clock: Clock, wait: Wait | None = None) -> Attempt:
    """Returns the paid attempt with its receipt's number, taken now if it had none.

    The number and its attempt are written in one transaction: no number is skipped, or taken twice.
    Raises NotFound for an attempt that is not paid, Unavailable after too many conflicts on the next number.
    """
    return _numbered(attempt, stores=stores, clock=clock) or retry(
        lambda: _numbered(stores.payments.find(attempt.reference), stores=stores, clock=clock),
        what="payments: receipt numbers taken by others",
        wait=wait or stores.money.wait,
        most=MOST_TRIES,
        max_delay=LONGEST_PAUSE,
    )


def _numbered(attempt: Attempt | None, *, stores: Stores, clock: Clock) -> Attempt | None:
    """Returns None when the next number was taken, or the attempt changed, in between."""
    if attempt is None or not attempt.paid:
        raise NotFound
    if attempt.receipt_number is not None:
        return attempt
    numbered = attempt.changed(clock(), receipt_number=stores.money.last_receipt() + 1)
    return numbered if stores.money.number_receipt(attempt, numbered) else None


def receipt_of(attempt: Attempt, invoices: Sequence[Invoice], holder: str) -> Receipt:
    """Returns the receipt of a paid and numbered attempt; `invoices` in its order. Raises NotFound for any other."""
    if attempt.receipt_number is None or attempt.paid_at is None:
        raise NotFound
    notice = attempt.notice or Notice(reference=attempt.reference, amount_cents=attempt.amount_cents, code="")
    return Receipt(
        number=attempt.receipt_number,
        lines=tuple(map(_line, attempt.parts, invoices)),
        username=attempt.username,
        holder=holder,
        paid_at=attempt.paid_at,
        card_ending=notice.card_ending,
        authorisation=notice.authorisation,
        transaction=notice.transaction or notice.call,
        reference=attempt.reference,
    )


def _line(part: Share, invoice: Invoice) -> ReceiptLine:
    return ReceiptLine(
        invoice_number=invoice.number,
        invoice_label=invoice.label,
        billed_cents=invoice.billed_cents,
        paid_cents=part.amount_cents,
        balance_cents=part.balance_cents or 0,
    )


def keep_receipt(receipt: Receipt, *, draw: Draw, documents: DocumentStore) -> bytes:
    """Returns the PDF of a receipt, drawn and stored if it was not; from then on the same bytes."""
    key = receipt_key(receipt.reference)
    try:
        return documents.read(key)
    except NotFound:
        drawn = draw(receipt)
    return drawn if documents.keep(key, drawn).first else documents.read(key)
