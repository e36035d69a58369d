"""Purge invoices after the legal retention: invoice, list row, outcome, PDF, receipts and quittances, all versions.

Ledger entries and payments stay, as the accounting trail, and so does the number, which no other invoice may take; the
names of who paid and the e-mail addresses of receipts are erased. Nothing is deleted while one of the documents is
locked (S3 Object Lock): an invoice without its document would be useless. The invoice is deleted last: an interrupted
purge is simply run again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.legal_retention import KeepReason, keep_reason, retention_ended
from chalicelib.domain.payment import Attempt
from chalicelib.services.account.erasure import erase_receipt_email
from chalicelib.services.payments.quittances import quittance_key
from chalicelib.services.payments.receipts import receipt_key
from chalicelib.store.documents import invoice_key
from chalicelib.stores import Stores


@dataclass
class Purge:
    """What a purge did, or would do. `cents`: billed by the purged invoices; `kept`: number → why it was kept."""

    read: int = 0
    purged: int = 0
    cents: int = 0
    kept: dict[str, KeepReason] = field(default_factory=dict)


def purge(
    *,
    today: date,
    years: int,
    stores: Stores,
    now: datetime,
    dry_run: bool,
    progress: Callable[[int], None] = lambda _: None,
) -> Purge:
    """Purge the invoices issued `years` ago or more; `progress` is called for each invoice read. Safe to repeat.

    `now`: the UTC instant on S3's clock, against which locks expire. Returns the counts. Raises Unavailable.
    """
    done = Purge()
    for invoice in stores.invoices.every():
        done.read += 1
        progress(1)
        if retention_ended(invoice, today, years):
            _count(done, invoice, keep_reason(invoice) or _remove_unless_locked(invoice, stores, now, dry_run=dry_run))
    return done


def _remove_unless_locked(invoice: Invoice, stores: Stores, now: datetime, *, dry_run: bool) -> KeepReason | None:
    """Remove a settled invoice unless one of its documents is locked. Returns why it was kept, or None."""
    attempts = [one for one in stores.payments.of_invoice(invoice.number) if not _pays_another(one, invoice, stores)]
    document = invoice.document.key if invoice.document else invoice_key(invoice.number)
    keys = [document, *(receipt_key(one.reference) for one in attempts if one.paid)]
    keys += [quittance_key(one.quittance) for one in stores.ledger.of(invoice.number) if one.quittance]
    if any(stores.documents.is_locked(key, now) for key in keys):
        return KeepReason.LOCKED
    return None if dry_run else _remove(invoice, attempts, keys, stores)


def _pays_another(attempt: Attempt, invoice: Invoice, stores: Stores) -> bool:
    """Whether the payment was also of an invoice that is still kept: then so are its receipt and its address."""
    others = [(attempt.username, number) for number in attempt.invoice_numbers if number != invoice.number]
    return bool(others and stores.invoices.find_many(others))


def _count(done: Purge, invoice: Invoice, kept: KeepReason | None) -> None:
    if kept:
        done.kept[invoice.number] = kept
    else:
        done.purged += 1
        done.cents += invoice.billed_cents


def _remove(invoice: Invoice, attempts: Sequence[Attempt], keys: Sequence[str], stores: Stores) -> KeepReason | None:
    """Remove one invoice's documents and rows, then the invoice. Returns why it was kept, or None."""
    if not all(stores.documents.erase(key) for key in keys):
        return KeepReason.LOCKED
    for entry in stores.ledger.of(invoice.number):
        if entry.payer:
            stores.ledger.forget_payer(entry)
    for attempt in attempts:
        erase_receipt_email(attempt, payments=stores.payments)
    outcome = stores.deliveries.find(invoice.run, invoice.number) if invoice.run else None
    if outcome:
        stores.deliveries.forget(outcome)
    stores.summaries.drop_rows(invoice.username, [invoice.number])
    return None if stores.invoices.remove(invoice) else KeepReason.CHANGED
