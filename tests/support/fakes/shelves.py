"""Shelves in memory for the imports, made by hand; `fail_on` stops the world before the n-th write."""

import hashlib
import threading
from contextlib import contextmanager
from types import SimpleNamespace

from chalicelib.errors import NumberTaken, Unavailable
from chalicelib.store.documents import Kept


class Writes:
    """Counts writes of all stores together; from the one numbered `fail_on`, all fail."""

    def __init__(self):
        self.done = 0
        self.fail_on = None
        self.lock = threading.Lock()

    def one(self):
        with self.lock:
            if self.fail_on == self.done:
                raise Unavailable("interrupted")
            self.done += 1

    @contextmanager
    def none_expected(self):
        before = self.done
        yield
        assert self.done == before


class Accounts:
    def __init__(self, writes, *accounts):
        self.writes = writes
        self.held = {account.username: account for account in accounts}

    def find(self, username):
        return self.held.get(username)

    def find_many(self, usernames):
        assert len(usernames) <= 100
        return {name: self.held[name] for name in usernames if name in self.held}

    def add(self, account):
        self.writes.one()
        return self.held.setdefault(account.username, account) is account

    def replace(self, before, after):
        self.writes.one()
        if self.held[before.username].version != before.version:
            return False
        self.held[before.username] = after.model_copy(update={"version": before.version + 1})
        return True


class Families:
    def __init__(self, writes, *families):
        self.writes = writes
        self.held = {family.family: family for family in families}

    def find_many(self, families):
        return {name: self.held[name] for name in families if name in self.held}

    def put(self, family):
        self.writes.one()
        self.held[family.family] = family


class Invoices:
    def __init__(self, writes):
        self.writes = writes
        self.numbers = {}
        self.held = {}

    def find(self, username, number):
        return self.held.get((username, number))

    def find_many(self, pairs):
        return {pair[1]: self.held[pair] for pair in pairs if pair in self.held}

    def owners(self, numbers):
        return {number: self.numbers[number] for number in numbers if number in self.numbers}

    def add(self, invoice):
        self.writes.one()
        if self.numbers.setdefault(invoice.number, invoice.username) != invoice.username:
            raise NumberTaken(self.numbers[invoice.number])
        self.writes.one()
        return self.held.setdefault((invoice.username, invoice.number), invoice) == invoice

    def attach_document(self, username, number, document):
        self.writes.one()
        self.held[username, number] = self.held[username, number].model_copy(update={"document": document})
        return self.held[username, number]


class Summaries:
    def __init__(self, writes):
        self.writes = writes
        self.held = {}

    def find(self, username):
        return tuple(self.held.get(username, {}).values())

    def find_many(self, usernames):
        return {username: self.find(username) for username in usernames if username in self.held}

    def add_rows(self, username, rows):
        if rows:
            self.writes.one()
            self.held[username] = {row.number: row for row in rows} | self.held.get(username, {})

    def put_rows(self, username, rows):
        if rows:
            self.writes.one()
            self.held.setdefault(username, {}).update({row.number: row for row in rows})


class Documents:
    def __init__(self, writes):
        self.writes = writes
        self.held = {}

    def keep(self, key, content):
        self.writes.one()
        first = key not in self.held
        held = self.held.setdefault(key, content)
        return Kept(hashlib.sha256(held).hexdigest(), len(held), first)


def stores_of(*accounts):
    """Empty stores, but for these accounts."""
    writes = Writes()
    return SimpleNamespace(
        accounts=Accounts(writes, *accounts),
        invoices=Invoices(writes),
        summaries=Summaries(writes),
        documents=Documents(writes),
    )
