"""The quittances in memory: numbers and their entries, over the fake of the ledger."""

from collections.abc import Iterator

from chalicelib.domain.cash_desk.quittance import QuittanceEntry
from chalicelib.domain.ledger import LedgerEntry
from tests.support.fakes.ledger import FakeLedger
from tests.support.fakes.writes import Writes


class FakeQuittances:
    """`given` by number."""

    def __init__(self, writes: Writes | None = None, *, ledger: FakeLedger) -> None:
        self.writes = writes or Writes()
        self.ledger = ledger
        self.given: dict[int, QuittanceEntry] = {}
        self.number = 0

    def last(self) -> int:
        return self.number

    def find(self, number: int) -> QuittanceEntry | None:
        return self.given.get(number)

    def every(self) -> Iterator[QuittanceEntry]:
        return iter(list(self.given.values()))

    def give(self, entry: LedgerEntry, number: int) -> bool:
        return self.writes.one(lambda: self._give(entry, number))

    def _give(self, entry: LedgerEntry, number: int) -> bool:
        place = entry.invoice_number, entry.key
        stored = self.ledger.items.get(place)
        if stored is None or stored.quittance is not None or number != self.number + 1 or number in self.given:
            return False
        self.number = number
        self.given[number] = QuittanceEntry(number=number, invoice_number=entry.invoice_number, entry=entry.key)
        self.ledger.items[place] = stored.model_copy(update={"quittance": number})
        return True
