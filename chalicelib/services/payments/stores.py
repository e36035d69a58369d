"""The shelves that money touches, wired once, and how often a movement is tried again when others move first."""

from dataclasses import dataclass

from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.money import Books, LedgerStore, NoticeStore, PaymentStore
from chalicelib.store.summaries import SummaryStore

ROUNDS = 10
"""Each round that fails means that somebody else's movement succeeded: ten in a row never do in earnest."""


@dataclass(frozen=True)
class Till:
    """`books` writes; the others are read, or written apart where no money moves."""

    payments: PaymentStore
    ledger: LedgerStore
    invoices: InvoiceStore
    summaries: SummaryStore
    notices: NoticeStore
    books: Books
