"""The store of invoices and of their numbers in memory."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from chalicelib.domain.invoice import Document, Invoice, InvoiceState
from chalicelib.errors import NumberTaken
from chalicelib.store.invoices import shard_order
from tests.support.fakes.writes import Writes

UNCHANGED = ("paid_cents", "surplus_cents", "state")


class FakeInvoices:
    """`items` by (username, number); `claims` has the owner and the run of each number."""

    def __init__(self, writes: Writes | None = None, invoices: Collection[Invoice] = ()) -> None:
        self.writes = writes or Writes()
        self.items = {(one.username, one.number): one for one in invoices}
        self.claims = {one.number: (one.username, one.run) for one in invoices}

    def find(self, username: str, number: str) -> Invoice | None:
        return self.items.get((username, number))

    def find_with(self, username: str, number: str, other: Any) -> tuple[Invoice | None, Any]:
        return self.find(username, number), other

    def find_many(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Invoice]:
        return {pair[1]: self.items[pair] for pair in pairs if pair in self.items}

    def of(self, username: str) -> list[Invoice]:
        return [invoice for invoice in self.every() if invoice.username == username]

    def every(self) -> Iterator[Invoice]:
        return iter(sorted(self.items.values(), key=lambda invoice: (invoice.username, invoice.number)))

    def find_by_number(self, number: str) -> Invoice | None:
        owner = self.owner(number)
        return self.find(owner, number) if owner else None

    def owner(self, number: str) -> str | None:
        return self.owners([number]).get(number)

    def owners(self, numbers: Sequence[str]) -> dict[str, str]:
        return {number: self.claims[number][0] for number in numbers if number in self.claims}

    def add(self, invoice: Invoice) -> bool:
        self.writes.one(lambda: self._claim(invoice))
        return self.writes.one(lambda: self.items.setdefault((invoice.username, invoice.number), invoice) == invoice)

    def _claim(self, invoice: Invoice) -> None:
        claim = (invoice.username, invoice.run)
        owner, _ = self.claims.get(invoice.number, claim)
        if owner != invoice.username:
            raise NumberTaken(owner)
        self.claims[invoice.number] = claim

    def attach_document(self, username: str, number: str, document: Document) -> Invoice:
        return self.writes.one(lambda: self._attach(self.items[username, number], document))

    def _attach(self, invoice: Invoice, document: Document) -> Invoice:
        if invoice.document is None:
            self._put(invoice.model_copy(update={"document": document}))
        return self.items[invoice.username, invoice.number]

    def in_run(self, run: str) -> Iterator[tuple[str, str]]:
        mine = [pair for pair, invoice in self.items.items() if run and invoice.run == run]
        return iter(sorted(mine, key=lambda pair: shard_order(pair[1])))

    def count_in_run(self, run: str) -> int:
        return len(list(self.in_run(run)))

    def issue(self, username: str, number: str, *, run: str) -> Invoice | None:
        return self.writes.one(lambda: self._issue(self.find(username, number), run))

    def _issue(self, invoice: Invoice | None, run: str) -> Invoice | None:
        if invoice is None or invoice.run != run:
            return None
        if invoice.state is InvoiceState.PREPARED:
            self._put(invoice.model_copy(update={"state": InvoiceState.ISSUED}))
        return self.items[invoice.username, invoice.number]

    def withdraw(self, username: str, number: str, *, run: str) -> bool:
        self.writes.one(lambda: self._free(number, (username, run)))
        return self.writes.one(lambda: self._withdraw(self.find(username, number), run))

    def _free(self, number: str, claim: tuple[str, str]) -> None:
        if self.claims.get(number) == claim:
            del self.claims[number]

    def _withdraw(self, invoice: Invoice | None, run: str) -> bool:
        if invoice is None or invoice.run != run or invoice.state is not InvoiceState.PREPARED:
            return False
        del self.items[invoice.username, invoice.number]
        return True

    def remove(self, invoice: Invoice) -> bool:
        return self.writes.one(lambda: self._remove(self.find(invoice.username, invoice.number), invoice))

    def _remove(self, stored: Invoice | None, read: Invoice) -> bool:
        if stored is None:
            return True
        if any(getattr(stored, name) != getattr(read, name) for name in UNCHANGED):
            return False
        del self.items[read.username, read.number]
        return True

    def _put(self, invoice: Invoice) -> None:
        self.items[invoice.username, invoice.number] = invoice
