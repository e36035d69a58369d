"""Purge what the retention ended: an invoice, its row, its outcome, its document and its receipts, with all versions.

The entries of the ledger and the payments stay, for they are the accounts' own trail, and so does the number, which no
other invoice takes; the addresses that receipts went to are forgotten. Nothing goes while a piece is locked, for an
invoice without its document would be no better than none. The invoice goes last: a purge cut short is simply run again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.legal_retention import Kept, kept_for, retention_ended
from chalicelib.domain.payment import Attempt
from chalicelib.services.account.erasure import forget_address
from chalicelib.services.payments.receipts import receipt_key
from chalicelib.store.documents import invoice_key
from chalicelib.stores import Stores


@dataclass
class Purge:
    """What a purge did, or would do. `cents`: what the purged invoices had billed; `kept`: numbers, with the reason."""

    read: int = 0
    purged: int = 0
    cents: int = 0
    kept: dict[str, Kept] = field(default_factory=dict)


def purge(
    *,
    today: date,
    years: int,
    stores: Stores,
    now: datetime,
    dry_run: bool,
    progress: Callable[[int], None] = lambda _: None,
) -> Purge:
    """Purge the invoices issued `years` ago or more; `progress` is told of each invoice read. Safe to repeat.

    `now`: the instant on S3's clock, which ends the locks. Raises Unavailable.
    """
    done = Purge()
    for invoice in stores.invoices.every():
        done.read += 1
        progress(1)
        if retention_ended(invoice, today, years):
            _count(done, invoice, kept_for(invoice) or _go(invoice, stores, now, dry_run=dry_run))
    return done


def _go(invoice: Invoice, stores: Stores, now: datetime, *, dry_run: bool) -> Kept | None:
    """Remove a settled invoice unless one of its papers is locked; what keeps it, when something does."""
    attempts = stores.payments.of_invoice(invoice.number)
    document = invoice.document.key if invoice.document else invoice_key(invoice.number)
    papers = [document, *(receipt_key(one.reference) for one in attempts if one.paid)]
    if any(stores.documents.is_locked(key, now) for key in papers):
        return Kept.LOCKED
    return None if dry_run else _remove(invoice, attempts, papers, stores)


def _count(done: Purge, invoice: Invoice, kept: Kept | None) -> None:
    if kept:
        done.kept[invoice.number] = kept
    else:
        done.purged += 1
        done.cents += invoice.billed_cents


def _remove(invoice: Invoice, attempts: Sequence[Attempt], papers: Sequence[str], stores: Stores) -> Kept | None:
    """Remove one invoice's pieces, then the invoice; what keeps it, when something does."""
    if not all(stores.documents.erase(key) for key in papers):
        return Kept.LOCKED
    for attempt in attempts:
        forget_address(attempt, payments=stores.payments)
    outcome = stores.deliveries.find(invoice.run, invoice.number) if invoice.run else None
    if outcome:
        stores.deliveries.forget(outcome)
    stores.summaries.drop_rows(invoice.username, [invoice.number])
    return None if stores.invoices.remove(invoice) else Kept.CHANGED
