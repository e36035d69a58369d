"""The store of what families ask of the desk, in memory."""

from tests.support.fakes.updates import updated
from tests.support.fakes.writes import Writes


class FakeRequests:
    """`items` by (username, reference)."""

    def __init__(self, writes=None):
        self.writes = writes or Writes()
        self.items = {}

    def add(self, request):
        return self.writes.one(lambda: self._add(request))

    def _add(self, request):
        free = (request.username, request.id) not in self.items
        self.items.setdefault((request.username, request.id), request)
        return free

    def find(self, username, reference):
        return self.items.get((username, reference))

    def of(self, username):
        mine = [one for one in self.items.values() if one.username == username]
        return sorted(mine, key=lambda one: one.asked_at, reverse=True)

    def pending(self, kind):
        waiting = [one for one in self.items.values() if one.kind is kind and one.pending]
        return iter(sorted(waiting, key=lambda one: one.id))

    def by_reference(self, reference):
        return next((one for one in self.items.values() if one.id == reference), None)

    def decide(self, before, after):
        return self.writes.one(lambda: self._decide(before, after))

    def _decide(self, before, after):
        stored = self.find(before.username, before.id)
        if stored is None or not stored.pending:
            return False
        self.items[before.username, before.id] = updated(stored, before, after)
        return True

    def remove(self, request):
        self.writes.one(lambda: self.items.pop((request.username, request.id), None))
