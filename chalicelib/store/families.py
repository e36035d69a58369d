"""Families and their children, by family number."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.family import Family
from chalicelib.store.table import BatchKey, Item, Table, batch_get, item_of, model_of


class FamilyStore:
    """The table of families."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "family")

    def find(self, family: str) -> Family | None:
        return self.read(self._table.get(family))

    def find_many(self, families: Sequence[str]) -> dict[str, Family]:
        items = batch_get(self._table.client, [self.batch_key(family) for family in families])
        return {found.family: found for item in items if (found := self.read(item))}

    def put(self, family: Family) -> None:
        self._table.put(item_of(family))

    def remove(self, family: str) -> None:
        self._table.delete(family)

    def batch_key(self, family: str) -> BatchKey:
        return self._table.batch_key(family)

    @staticmethod
    def read(item: Item | None) -> Family | None:
        return model_of(Family, item) if item else None
