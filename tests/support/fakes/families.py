"""The store of families in memory."""

from collections.abc import Iterable, Sequence

from chalicelib.domain.family import Family
from tests.support.fakes.writes import Writes


class FakeFamilies:
    def __init__(self, writes: Writes | None = None, families: Iterable[Family] = ()) -> None:
        self.writes = writes or Writes()
        self.items = {family.family: family for family in families}

    def find_many(self, families: Sequence[str]) -> dict[str, Family]:
        return {name: self.items[name] for name in families if name in self.items}

    def put(self, family: Family) -> None:
        self.writes.one(lambda: self.items.update({family.family: family}))
