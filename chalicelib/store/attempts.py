"""Failed sign-ins per account, source address or known device (rate limiting), by conditional updates of one item.

A try is reserved before the password is checked: checking first and counting afterwards lets parallel tries through.
When the key that names counts is rotated, a count goes on from its value under the older key: no lock is lifted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.sign_in import Attempts, Count
from chalicelib.store.retry import retry
from chalicelib.store.table import BatchKey, ConditionFailed, Item, Table, batch_get, marshal


@dataclass(frozen=True)
class CountingRule:
    """How a kind of count expires: `lasts` after its last failure if `sliding`, else after its first."""

    lasts: timedelta
    sliding: bool


class AttemptStore:
    """The table of counts. TTL deletes late; expiry is in the conditions.

    `names` returns the keyed hashes under which a count may be stored, the current generation's first.
    """

    def __init__(self, client: Any, table: str, *, names: Callable[[Count], Sequence[str]]) -> None:
        self._table = Table(client, table, "key")
        self._names = names

    def read(self, counts: Sequence[Count]) -> list[Attempts]:
        """Returns the current counts, in the order of `counts`; one round trip."""
        names = [self._names(count) for count in counts]
        found = self._items([name for one in names for name in one])
        return [self.attempts_of([found[name] for name in one]) for one in names]

    def batch_keys(self, count: Count) -> list[BatchKey]:
        """Returns where a count may be stored, for a read together with other tables."""
        return [self._table.batch_key(name) for name in self._names(count)]

    @staticmethod
    def attempts_of(items: Sequence[Item | None]) -> Attempts:
        """Returns a count from the items of `batch_keys`."""
        return _attempts(next(filter(None, items), {}))

    def reserve(
        self, count: Count, *, now: datetime, below: int, rule: CountingRule, since: datetime | None = None
    ) -> Attempts | None:
        """Count one more try if fewer than `below` are counted; returns the new count, None when refused.

        `since`: what was counted at that instant or before it is void, as what has expired.
        """
        name, *older = self._names(count)
        void = _millis(max(now - rule.lasts, since or now - rule.lasts))

        def once() -> tuple[Attempts | None] | None:
            counted = self._count(name, now=now, below=below, rule=rule, void=void)
            if not isinstance(counted, ConditionFailed):
                return (_attempts(counted),)
            existing = counted.item or self._unexpired(older, void)
            if _attempts(existing).failures >= below and _at(existing) > void:
                return (None,)
            after = {} if counted.item else existing
            started = self._start(name, now=now, rule=rule, void=void, after=after)
            return None if isinstance(started, ConditionFailed) else (_attempts(started),)

        # Only two writers that start the same count at the same instant need a second try.
        (reserved,) = once() or retry(once, what="attempts: conflicting changes")
        return reserved

    def release(self, count: Count) -> None:
        """Undo a reserved try: it was not a failure."""
        self._table.update(
            self._names(count)[0],
            expression="SET failures = failures - :one",
            condition="failures > :zero",
            values={":one": 1, ":zero": 0},
        )

    def add(self, count: Count, *, now: datetime, lasts: timedelta) -> None:
        """Count one more, whatever is counted, in one write."""
        self._table.update(
            self._names(count)[0],
            expression="SET #at = :now, expires_at = :end ADD failures :one",
            values={":one": 1, ":now": _millis(now), ":end": int((now + lasts).timestamp())},
            names={"#at": "at"},
        )

    def restart(self, count: Count, *, now: datetime, rule: CountingRule) -> None:
        """Let a count last from now on, as it stands."""
        self._table.update(
            self._names(count)[0],
            expression="SET #at = :now, expires_at = :end",
            condition="attribute_exists(#at)",
            values={":now": _millis(now), ":end": int((now + rule.lasts).timestamp())},
            names={"#at": "at"},
        )

    def clear(self, count: Count) -> None:
        """Delete it, under its oldest name first: a try in between would go on from an older name's count."""
        for name in reversed(self._names(count)):
            self._table.delete(name)

    def _items(self, names: Sequence[str]) -> dict[str, Item]:
        items = batch_get(self._table.client, [*map(self._table.batch_key, names)]) if names else []
        return {name: item or {} for name, item in zip(names, items, strict=True)}

    def _unexpired(self, names: Sequence[str], void: int) -> Item:
        """Returns the unexpired count under an older generation of the key; empty when there is none."""
        return next((item for item in self._items(names).values() if _at(item) > void), {})

    def _count(self, key: str, *, now: datetime, below: int, rule: CountingRule, void: int) -> Item | ConditionFailed:
        values: dict[str, Any] = {":one": 1, ":expired": void, ":below": below}
        extension = ""
        if rule.sliding:
            extension = ", #at = :now, expires_at = :end"
            values |= {":now": _millis(now), ":end": int((now + rule.lasts).timestamp())}
        return self._table.update(
            key,
            expression=f"SET failures = failures + :one{extension}",
            condition="#at > :expired AND failures < :below",
            values=values,
            names={"#at": "at"},
        )

    def _start(self, key: str, *, now: datetime, rule: CountingRule, void: int, after: Item) -> Item | ConditionFailed:
        """Start the count, at one more than its value under an older key."""
        counted_from = _millis(now) if rule.sliding or not after else _at(after)
        values = {
            ":first": _attempts(after).failures + 1,
            ":from": counted_from,
            ":end": int(counted_from / 1000 + rule.lasts.total_seconds()),
            ":expired": void,
        }
        return self._table.update(
            key,
            expression="SET failures = :first, #at = :from, expires_at = :end",
            condition="attribute_not_exists(#at) OR #at <= :expired",
            values=values,
            names={"#at": "at"},
        )


def _millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _at(item: Item) -> int:
    return int(item["at"]["N"]) if item else 0


def _attempts(item: Item) -> Attempts:
    if not item:
        return Attempts()
    at = datetime.fromtimestamp(_at(item) / 1000, tz=UTC)
    return Attempts(failures=int(item.get("failures", marshal(0))["N"]), last_failed_at=at)
