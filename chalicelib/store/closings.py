"""Closed days in DynamoDB: their closings, and the marks that keep every other movement out of them (decision 37)."""

import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from chalicelib.domain.cash_desk.closing import Closing, DayTotals
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.store.counters import CLOSINGS, CounterStore
from chalicelib.store.retry import Wait
from chalicelib.store.table import ConditionFailed, Item, Table, attributes_of, batch_get, item_of, marshal, model_of
from chalicelib.store.transactions import Write, transact_write

SHARDS = 16
"""Marks of a day: two transactions that check one item conflict, and payments of a day must not all wait in a line."""

OPENING = "opening"
"""In place of a day: the marks that hold the first day that the régie closed."""

CLOSING_PART = "closing"


class ClosingStore:
    """The table of closings: for each closed day one item `closing`, and one mark per shard."""

    def __init__(self, client: Any, table: str, counters: CounterStore, *, wait: Wait = time.sleep) -> None:
        self._table = Table(client, table, "day", "part")
        self._counters = counters
        self.wait = wait

    def last(self) -> int:
        """Returns the number of the last closing; 0 before the first."""
        return self._counters.last(CLOSINGS)

    def find(self, day: date) -> Closing | None:
        return _closing(self._table.get(day.isoformat(), CLOSING_PART))

    def every(self) -> Iterator[Closing]:
        """Yields every closing, in no order."""
        names = {"#part": "part"}
        values = {":closing": marshal(CLOSING_PART)}
        options = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
        for item in self._table.scan(FilterExpression="#part = :closing", **options):
            yield model_of(Closing, item)

    def opening(self) -> date | None:
        """Returns the first day that was closed, None before it: earlier days count as closed."""
        return _opening(self._table.get(OPENING, _part(0)))

    def is_closed(self, day: date) -> bool:
        """Whether nothing more is counted on a day: it is closed, or before the opening."""
        wanted = [self._table.batch_key(key, _part(0)) for key in (OPENING, day.isoformat())]
        opening, mark = batch_get(self._table.client, wanted)
        first = _opening(opening)
        return mark is not None or (first is not None and day < first)

    def first_open_day(self, day: date) -> date:
        """Returns this day, or the first one after it that is not closed."""
        while self.is_closed(day):
            day += timedelta(days=1)
        return day

    def close(self, closing: Closing, *, first: bool) -> bool:
        """Close a day; `first`: no day was closed before. Returns False, and nothing written, when one was meanwhile.

        From then on no transaction can count a movement on this day. Raises Unavailable.
        """
        day = closing.day.isoformat()
        writes = [
            self._counters.advance(CLOSINGS, to=closing.number),
            self._adding(day, CLOSING_PART, item_of(closing)),
        ]
        writes += [self._adding(day, _part(shard), {}) for shard in range(SHARDS)]
        if first:
            writes += [self._adding(OPENING, _part(shard), {"first": marshal(day)}) for shard in range(SHARDS)]
        return transact_write(self._table.client, writes, wait=self.wait)

    def keep_totals(self, day: date, totals: DayTotals) -> Closing:
        """Write a closed day's totals, unless it has them. Returns its closing as stored."""
        result = self._table.update(
            day.isoformat(),
            CLOSING_PART,
            expression="SET totals = :totals",
            condition="attribute_exists(closed_at) AND attribute_not_exists(totals)",
            values={":totals": attributes_of(totals)},
        )
        return model_of(Closing, result.item if isinstance(result, ConditionFailed) else result)

    def checks(self, entries: Sequence[LedgerEntry]) -> list[Write]:
        """Returns what a transaction must check for the entries it books: that none is counted on a closed day."""
        part = _part(crc32(entries[0].invoice_number.encode()) % SHARDS)
        days = sorted({entry.counted_on.isoformat() for entry in entries})
        opened = "attribute_not_exists(#first) OR #first <= :day"
        after_opening = {"values": {":day": days[0]}, "names": {"#first": "first"}}
        return [
            Write.checking(self._table, OPENING, part, condition=opened, **after_opening),
            *(Write.checking(self._table, day, part, condition="attribute_not_exists(part)") for day in days),
        ]

    def _adding(self, day: str, part: str, item: Item) -> Write:
        return Write.adding(self._table, item | {"day": marshal(day), "part": marshal(part)})


def _part(shard: int) -> str:
    return f"mark#{shard:x}"


def _closing(item: Item | None) -> Closing | None:
    return model_of(Closing, item) if item else None


def _opening(item: Item | None) -> date | None:
    return date.fromisoformat(item["first"]["S"]) if item else None
