"""The ledger in memory: read here, written by the transactions of money only."""


class FakeLedger:
    """`items` by (invoice number, key of the entry)."""

    def __init__(self):
        self.items = {}

    def of(self, number):
        mine = [entry for entry in self.items.values() if entry.invoice_number == number]
        return sorted(mine, key=lambda entry: (entry.booked_at, entry.key))

    def between(self, first, last):
        entries = sorted(self.items.values(), key=lambda entry: (entry.counted_on, entry.key))
        return iter([entry for entry in entries if first <= entry.counted_on <= last])

    def every(self):
        return iter(list(self.items.values()))
