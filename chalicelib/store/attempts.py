"""Failed sign-ins of an account, a source address or a known device, counted by single-item conditional updates.

A try is reserved before the password is looked at: checking first and counting afterwards lets parallel tries through.
When the key that names counts is renewed, a count goes on from what it was under the older key: no lock is lifted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.sign_in import Attempts, Count
from chalicelib.store.retry import retry
from chalicelib.store.table import Item, Refused, Table, marshal, read_together


@dataclass(frozen=True)
class Rule:
    """How one kind of count lives. `sliding`: it dies `lasts` after its last failure, else after its first."""

    lasts: timedelta
    sliding: bool


class AttemptStore:
    """The shelf of counts. TTL sweeps; the condition decides.

    `names` gives the keyed hashes under which a count may be kept, the current generation's first.
    """

    def __init__(self, client: Any, table: str, *, names: Callable[[Count], Sequence[str]]) -> None:
        self._table = Table(client, table, "key")
        self._names = names

    def read(self, counts: Sequence[Count]) -> list[Attempts]:
        """The counts as they stand, in the order asked; one round trip."""
        names = [self._names(count) for count in counts]
        found = self._kept([name for one in names for name in one])
        return [_attempts(next((found[name] for name in one if found[name]), {})) for one in names]

    def reserve(self, count: Count, *, now: datetime, below: int, rule: Rule) -> Attempts | None:
        """Count one more try if fewer than `below` live ones stand; the new count, or None when it is refused."""
        name, *older = self._names(count)

        def once() -> tuple[Attempts | None] | None:
            counted = self._count(name, now=now, below=below, rule=rule)
            if not isinstance(counted, Refused):
                return (_attempts(counted),)
            stands = counted.item or self._live_under(older, now=now, rule=rule)
            if _attempts(stands).failures >= below and _at(stands) > _millis(now - rule.lasts):
                return (None,)
            begun = self._begin(name, now=now, rule=rule, after={} if counted.item else stands)
            return None if isinstance(begun, Refused) else (_attempts(begun),)

        # Only two writers that start the same count at the same instant need a second try.
        (reserved,) = once() or retry(once, what="attempts: conflicting changes")
        return reserved

    def release(self, count: Count) -> None:
        """Give a reserved try back: it was not a failure."""
        self._table.update(
            self._names(count)[0],
            expression="SET failures = failures - :one",
            condition="failures > :zero",
            values={":one": 1, ":zero": 0},
        )

    def clear(self, count: Count) -> None:
        """Forget it, under its oldest name first: a try in between would go on from what an older one still says."""
        for name in reversed(self._names(count)):
            self._table.delete(name)

    def _kept(self, names: Sequence[str]) -> dict[str, Item]:
        items = read_together(self._table.client, [*map(self._table.wanted, names)]) if names else []
        return {name: item or {} for name, item in zip(names, items, strict=True)}

    def _live_under(self, names: Sequence[str], *, now: datetime, rule: Rule) -> Item:
        """What an older generation of the key still counts."""
        return next((item for item in self._kept(names).values() if _at(item) > _millis(now - rule.lasts)), {})

    def _count(self, key: str, *, now: datetime, below: int, rule: Rule) -> Item | Refused:
        values: dict[str, Any] = {":one": 1, ":dead": _millis(now - rule.lasts), ":below": below}
        moved = ""
        if rule.sliding:
            moved = ", #at = :now, expires_at = :end"
            values |= {":now": _millis(now), ":end": int((now + rule.lasts).timestamp())}
        return self._table.update(
            key,
            expression=f"SET failures = failures + :one{moved}",
            condition="#at > :dead AND failures < :below",
            values=values,
            names={"#at": "at"},
        )

    def _begin(self, key: str, *, now: datetime, rule: Rule, after: Item) -> Item | Refused:
        """Start the count, one more than what it was under an older key."""
        begun = _millis(now) if rule.sliding or not after else _at(after)
        values = {
            ":first": _attempts(after).failures + 1,
            ":begun": begun,
            ":end": int(begun / 1000 + rule.lasts.total_seconds()),
            ":dead": _millis(now - rule.lasts),
        }
        return self._table.update(
            key,
            expression="SET failures = :first, #at = :begun, expires_at = :end",
            condition="attribute_not_exists(#at) OR #at <= :dead",
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
