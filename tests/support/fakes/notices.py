"""The store of the bank's notices in memory."""

from tests.support.fakes.writes import Writes


class FakeNotices:
    """`items` by (day, id of the message)."""

    def __init__(self, writes=None):
        self.writes = writes or Writes()
        self.items = {}

    def keep(self, kept):
        return self.writes.one(lambda: self._keep(kept))

    def _keep(self, kept):
        new = key_of(kept) not in self.items
        self.items.setdefault(key_of(kept), kept)
        return new

    def conclude(self, kept, fate):
        self.writes.one(lambda: self._conclude(key_of(kept), fate))

    def _conclude(self, key, fate):
        stored = self.items.get(key)
        if stored is not None and stored.fate is None:
            self.items[key] = stored.model_copy(update={"fate": fate})

    def waiting(self, before):
        left = [kept for kept in self.items.values() if kept.fate is None and kept.received_at < before]
        return iter(sorted(left, key=lambda kept: kept.received_at))


def key_of(kept):
    return kept.received_at.date(), kept.id
