"""Closed days in memory: a day that has a closing, or that is before the first one, counts nothing more."""

from collections.abc import Iterator
from datetime import date, timedelta

from chalicelib.domain.cash_desk.closing import Closing, DayTotals
from tests.support.fakes.writes import Writes


class FakeClosings:
    """`items` by day; `first_day`: the first that was closed."""

    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[date, Closing] = {}
        self.first_day: date | None = None
        self.number = 0

    def last(self) -> int:
        return self.number

    def find(self, day: date) -> Closing | None:
        return self.items.get(day)

    def every(self) -> Iterator[Closing]:
        return iter(list(self.items.values()))

    def opening(self) -> date | None:
        return self.first_day

    def is_closed(self, day: date) -> bool:
        return day in self.items or (self.first_day is not None and day < self.first_day)

    def first_open_day(self, day: date) -> date:
        while self.is_closed(day):
            day += timedelta(days=1)
        return day

    def close(self, closing: Closing, *, first: bool) -> bool:
        return self.writes.one(lambda: self._close(closing, first=first))

    def _close(self, closing: Closing, *, first: bool) -> bool:
        taken = closing.number != self.number + 1 or closing.day in self.items
        if taken or (first and self.first_day is not None):
            return False
        self.items[closing.day], self.number = closing, closing.number
        if first:
            self.first_day = closing.day
        return True

    def keep_totals(self, day: date, totals: DayTotals) -> Closing:
        return self.writes.one(lambda: self._keep(day, totals))

    def _keep(self, day: date, totals: DayTotals) -> Closing:
        closing = self.items[day]
        if closing.totals is None:
            self.items[day] = closing.model_copy(update={"totals": totals})
        return self.items[day]
