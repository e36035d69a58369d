"""The store of the rows of each account's invoice lists, in memory."""

from collections.abc import Iterable, Sequence

from chalicelib.domain.invoice import Invoice, InvoiceSummary
from tests.support.fakes.writes import Writes


class FakeSummaries:
    """`items`: the rows of a username by their number."""

    def __init__(self, writes: Writes | None = None, invoices: Iterable[Invoice] = ()) -> None:
        self.writes = writes or Writes()
        self.items: dict[str, dict[str, InvoiceSummary]] = {}
        for invoice in invoices:
            self.write_row(invoice.username, invoice.summary)

    def find(self, username: str) -> tuple[InvoiceSummary, ...]:
        rows = self.items.get(username, {}).values()
        return tuple(sorted(rows, key=lambda row: (row.issued_on, row.number), reverse=True))

    def find_many(self, usernames: Sequence[str]) -> dict[str, tuple[InvoiceSummary, ...]]:
        return {username: self.find(username) for username in usernames if username in self.items}

    def add_rows(self, username: str, rows: Sequence[InvoiceSummary]) -> None:
        if rows:
            new = {row.number: row for row in rows}
            self.writes.one(lambda: self.items.update({username: new | self.items.get(username, {})}))

    def put_rows(self, username: str, rows: Sequence[InvoiceSummary]) -> None:
        if rows:
            new = {row.number: row for row in rows}
            self.writes.one(lambda: self.items.setdefault(username, {}).update(new))

    def drop_rows(self, username: str, numbers: Sequence[str]) -> None:
        if numbers:
            self.writes.one(lambda: self._drop(self.items.setdefault(username, {}), numbers))

    def _drop(self, rows: dict[str, InvoiceSummary], numbers: Sequence[str]) -> None:
        for number in numbers:
            rows.pop(number, None)

    def write_row(self, username: str, row: InvoiceSummary) -> None:
        """Part of a transaction, not counted as a write."""
        self.items.setdefault(username, {})[row.number] = row
