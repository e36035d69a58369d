"""The release of invoices to families, in memory: all of them or none."""

from collections.abc import Sequence

from chalicelib.domain.invoice import Invoice, InvoiceState
from tests.support.fakes.invoices import FakeInvoices
from tests.support.fakes.summaries import FakeSummaries
from tests.support.fakes.writes import Writes


class FakeInvoiceRelease:
    """Over the two fakes that it writes."""

    def __init__(self, writes: Writes | None = None, *, invoices: FakeInvoices, summaries: FakeSummaries) -> None:
        self.writes = writes or Writes()
        self.invoices, self.summaries = invoices, summaries

    def release(self, issued: Sequence[Invoice]) -> bool:
        return self.writes.one(lambda: self._release(issued))

    def _release(self, issued: Sequence[Invoice]) -> bool:
        stored = [self.invoices.find(one.username, one.number) for one in issued]
        if any(not releasable(*pair) for pair in zip(stored, issued, strict=True)):
            return False
        for before, after in zip(stored, issued, strict=True):
            assert before is not None
            changed = {"state": InvoiceState.ISSUED, "document": before.document or after.document}
            self.invoices.items[after.username, after.number] = before.model_copy(update=changed)
            if after.number not in self.summaries.items.get(after.username, {}):
                self.summaries.write_row(after.username, after.summary)
        return True


def releasable(stored: Invoice | None, issued: Invoice) -> bool:
    return stored is not None and stored.run == issued.run and stored.state is not InvoiceState.CANCELLED
