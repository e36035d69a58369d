"""Release of invoices to families: invoices and list rows made visible in one DynamoDB transaction."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from chalicelib.domain.invoice import Invoice, InvoiceSummary
from chalicelib.store.invoices import InvoiceStore
from chalicelib.store.summaries import SummaryStore
from chalicelib.store.transactions import transact_write


class InvoiceRelease:
    """Writes invoices and summaries together."""

    def __init__(self, client: Any, invoices: InvoiceStore, summaries: SummaryStore) -> None:
        self._client = client
        self._invoices = invoices
        self._summaries = summaries

    def release(self, issued: Sequence[Invoice]) -> bool:
        """Make at most fifty invoices visible, each with its document and its row.

        Returns False, and nothing changed, when one of them changed meanwhile. Safe to repeat. Raises Unavailable.
        """
        rows: dict[str, list[InvoiceSummary]] = defaultdict(list)
        for invoice in issued:
            rows[invoice.username].append(invoice.summary)
        writes = [self._invoices.releasing(one, one.document) for one in issued if one.document]
        writes += [self._summaries.rows_added(username, some) for username, some in rows.items()]
        return transact_write(self._client, writes)
