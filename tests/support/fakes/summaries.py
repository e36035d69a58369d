"""The store of the rows of each account's invoice lists, in memory."""

from tests.support.fakes.writes import Writes


class FakeSummaries:
    """`items`: the rows of a username by their number."""

    def __init__(self, writes=None, invoices=()):
        self.writes = writes or Writes()
        self.items = {}
        for invoice in invoices:
            self.write_row(invoice.username, invoice.summary)

    def find(self, username):
        rows = self.items.get(username, {}).values()
        return tuple(sorted(rows, key=lambda row: (row.issued_on, row.number), reverse=True))

    def find_many(self, usernames):
        return {username: self.find(username) for username in usernames if username in self.items}

    def add_rows(self, username, rows):
        if rows:
            new = {row.number: row for row in rows}
            self.writes.one(lambda: self.items.update({username: new | self.items.get(username, {})}))

    def put_rows(self, username, rows):
        if rows:
            new = {row.number: row for row in rows}
            self.writes.one(lambda: self.items.setdefault(username, {}).update(new))

    def drop_rows(self, username, numbers):
        if numbers:
            self.writes.one(lambda: self._drop(self.items.setdefault(username, {}), numbers))

    def _drop(self, rows, numbers):
        for number in numbers:
            rows.pop(number, None)

    def write_row(self, username, row):
        """Part of a transaction, not counted as a write."""
        self.items.setdefault(username, {})[row.number] = row
