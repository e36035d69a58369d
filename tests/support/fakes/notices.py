"""The store of the bank's notices in memory."""

from collections.abc import Iterator
from datetime import date, datetime

from chalicelib.domain.bank_notice import NoticeOutcome, StoredNotice
from tests.support.fakes.writes import Writes

Key = tuple[date, str]


class FakeNotices:
    """`items` by (day, id of the message)."""

    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[Key, StoredNotice] = {}

    def keep(self, kept: StoredNotice) -> bool:
        return self.writes.one(lambda: self._keep(kept))

    def _keep(self, kept: StoredNotice) -> bool:
        new = key_of(kept) not in self.items
        self.items.setdefault(key_of(kept), kept)
        return new

    def conclude(self, kept: StoredNotice, fate: NoticeOutcome) -> None:
        self.writes.one(lambda: self._conclude(key_of(kept), fate))

    def _conclude(self, key: Key, fate: NoticeOutcome) -> None:
        stored = self.items.get(key)
        if stored is not None and stored.fate is None:
            self.items[key] = stored.model_copy(update={"fate": fate})

    def waiting(self, before: datetime) -> Iterator[StoredNotice]:
        left = [kept for kept in self.items.values() if kept.fate is None and kept.received_at < before]
        return iter(sorted(left, key=lambda kept: kept.received_at))


def key_of(kept: StoredNotice) -> Key:
    return kept.received_at.date(), kept.id
