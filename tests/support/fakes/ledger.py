"""The ledger in memory: read here, written by the transactions of money only."""

from collections.abc import Iterator
from datetime import date

from chalicelib.domain.ledger import LedgerEntry


class FakeLedger:
    """`items` by (invoice number, key of the entry)."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], LedgerEntry] = {}

    def of(self, number: str) -> list[LedgerEntry]:
        mine = [entry for entry in self.items.values() if entry.invoice_number == number]
        return sorted(mine, key=lambda entry: (entry.booked_at, entry.key))

    def of_account(self, username: str, *, since: date) -> list[LedgerEntry]:
        mine = [entry for entry in self.items.values() if entry.username == username and entry.counted_on >= since]
        return sorted(mine, key=lambda entry: entry.counted_on)

    def between(self, first: date, last: date) -> Iterator[LedgerEntry]:
        entries = sorted(self.items.values(), key=lambda entry: (entry.counted_on, entry.key))
        return iter([entry for entry in entries if first <= entry.counted_on <= last])

    def on(self, day: date) -> Iterator[LedgerEntry]:
        return iter([entry for entry in self.items.values() if entry.counted_on == day])

    def forget_payer(self, entry: LedgerEntry) -> None:
        place = entry.invoice_number, entry.key
        self.items[place] = self.items[place].model_copy(update={"payer": ""})

    def every(self) -> Iterator[LedgerEntry]:
        return iter(list(self.items.values()))
