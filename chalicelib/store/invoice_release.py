"""Invoices and the rows of their families' lists, made visible in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from chalicelib.domain.invoice import Invoice, InvoiceSummary
from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.summaries import SummaryStore
from chalicelib.store.transactions import write_together


class InvoiceRelease:
    """Writes invoices and summaries together."""

    def __init__(self, client: Any, invoices: InvoiceStore, summaries: SummaryStore) -> None:
        self._client = client
        self._invoices = invoices
        self._summaries = summaries

    def release(self, issued: Sequence[Invoice]) -> bool:
        """Show at most fifty invoices, each with its document, and their rows; False, and nothing changed, when one
        of them is not what it was. Safe to repeat. Raises Unavailable.
        """
        rows: dict[str, list[InvoiceSummary]] = defaultdict(list)
        for invoice in issued:
            rows[invoice.username].append(invoice.summary)
        writes = [self._invoices.releasing(one, one.document) for one in issued if one.document]
        writes += [self._summaries.rows_added(username, some) for username, some in rows.items()]
        return write_together(self._client, writes)
