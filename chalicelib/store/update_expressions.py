"""What changed between two readings of a model, as a DynamoDB update expression."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from chalicelib.store.items import attributes_of


@dataclass(frozen=True)
class Change:
    """Attributes to write (plain values) and attributes to remove."""

    written: dict[str, Any]
    removed: tuple[str, ...]

    def as_update(self, *, condition: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Keyword arguments for `Table.update`. There must be something to write."""
        sets = ", ".join(f"#s{n} = :s{n}" for n in range(len(self.written)))
        removes = ", ".join(f"#r{n}" for n in range(len(self.removed)))
        return {
            "expression": f"SET {sets}" + (f" REMOVE {removes}" if removes else ""),
            "condition": condition,
            "values": {f":s{n}": value for n, value in enumerate(self.written.values())} | dict(values),
            "names": {f"#s{n}": name for n, name in enumerate(self.written)}
            | {f"#r{n}": name for n, name in enumerate(self.removed)},
        }


def difference(before: BaseModel, after: BaseModel) -> Change:
    """What turns the stored form of `before` into that of `after`."""
    old, new = attributes_of(before), attributes_of(after)
    return Change(
        written={name: value for name, value in new.items() if old.get(name) != value},
        removed=tuple(sorted(old.keys() - new.keys())),
    )
