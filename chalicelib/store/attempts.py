"""Failed sign-ins of an account, a source address or a known device, counted by single-item conditional updates.

A try is reserved before the password is looked at: checking first and counting afterwards lets parallel tries through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.sign_in import Attempts
from chalicelib.errors import Unavailable
from chalicelib.store.items import Item, marshal
from chalicelib.store.table import Refused, Table, read_together

ROUNDS = 5
"""Only two writers that start the same count at the same instant need a second round."""


@dataclass(frozen=True)
class Rule:
    """How one kind of count lives. `sliding`: it dies `lasts` after its last failure, else after its first."""

    lasts: timedelta
    sliding: bool


class AttemptStore:
    """The shelf of counts, under keyed hashes of what is counted. TTL sweeps; the condition decides."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "key")

    def read(self, keys: Sequence[str]) -> list[Attempts]:
        """The counts as they stand, in the order asked; one round trip."""
        return [_attempts(item or {}) for item in read_together(self._table.client, [*map(self._table.wanted, keys)])]

    def reserve(self, key: str, *, now: datetime, below: int, rule: Rule) -> Attempts | None:
        """Count one more try if fewer than `below` live ones stand; the new count, or None when it is refused."""
        for _ in range(ROUNDS):
            counted = self._count(key, now=now, below=below, rule=rule)
            if not isinstance(counted, Refused):
                return _attempts(counted)
            if _attempts(counted.item).failures >= below and _at(counted.item) > _millis(now - rule.lasts):
                return None
            begun = self._begin(key, now=now, rule=rule)
            if not isinstance(begun, Refused):
                return _attempts(begun)
        raise Unavailable("attempts: the count kept changing")

    def release(self, key: str) -> None:
        """Give a reserved try back: it was not a failure."""
        self._table.update(
            key,
            expression="SET failures = failures - :one",
            condition="failures > :zero",
            values={":one": 1, ":zero": 0},
        )

    def clear(self, key: str) -> None:
        self._table.delete(key)

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

    def _begin(self, key: str, *, now: datetime, rule: Rule) -> Item | Refused:
        values = {
            ":one": 1,
            ":now": _millis(now),
            ":end": int((now + rule.lasts).timestamp()),
            ":dead": _millis(now - rule.lasts),
        }
        return self._table.update(
            key,
            expression="SET failures = :one, #at = :now, expires_at = :end",
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
