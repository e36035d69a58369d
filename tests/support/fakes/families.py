"""The store of families in memory."""

from tests.support.fakes.writes import Writes


class FakeFamilies:
    def __init__(self, writes=None, families=()):
        self.writes = writes or Writes()
        self.items = {family.family: family for family in families}

    def find_many(self, families):
        return {name: self.items[name] for name in families if name in self.items}

    def put(self, family):
        self.writes.one(lambda: self.items.update({family.family: family}))
