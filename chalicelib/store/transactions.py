"""DynamoDB transactions and update expressions: what changed between two readings, written all or not at all."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from pydantic import BaseModel

from chalicelib.store.retry import Wait, retry
from chalicelib.store.table import KEY_IS_FREE, Item, Table, attributes_of, reaching, typed


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


TRANSACTION_CONFLICT = "TransactionConflict"
REFUSED = "ConditionalCheckFailed"


@dataclass(frozen=True)
class Write:
    """One part of a transaction, in DynamoDB's words."""

    request: dict[str, Any]

    @classmethod
    def updating(
        cls, table: Table, *key: str, expression: str, condition: str = "",
        values: Mapping[str, Any], names: Mapping[str, str],
    ) -> "Write":  # fmt: skip
        """An update expression, under a condition or not."""
        request = {
            "TableName": table.name,
            "Key": table.key(*key),
            "UpdateExpression": expression,
            "ExpressionAttributeValues": typed(values),
            "ExpressionAttributeNames": dict(names),
        }
        return cls({"Update": request | ({"ConditionExpression": condition} if condition else {})})

    @classmethod
    def adding(cls, table: Table, item: Item) -> "Write":
        """A new item, only if its key is free."""
        names = {"#key": table.hash_key}
        request = {"ConditionExpression": KEY_IS_FREE, "ExpressionAttributeNames": names}
        return cls({"Put": {"TableName": table.name, "Item": item, **request}})


def write_together(client: Any, writes: Sequence[Write], *, wait: Wait = time.sleep) -> bool:
    """Do every write or none; False when a condition did not hold.

    Raises Unavailable when others kept writing the same items, or when DynamoDB fails.
    """
    done = _try(client, writes)
    if done is None:
        return retry(partial(_try, client, writes), what="DynamoDB: transaction conflicts", wait=wait)
    return done


def _try(client: Any, writes: Sequence[Write]) -> bool | None:
    """Returns None when others are writing the same items at this very instant."""
    reasons = _reasons(client, writes)
    if REFUSED in reasons:
        return False
    return None if TRANSACTION_CONFLICT in reasons else True


def _reasons(client: Any, writes: Sequence[Write]) -> set[str]:
    """Why the transaction was cancelled; empty when it was done."""
    with reaching("DynamoDB"):
        try:
            client.transact_write_items(TransactItems=[write.request for write in writes])
        except ClientError as failure:
            reasons = {reason["Code"] for reason in failure.response.get("CancellationReasons", [])} - {"None"}
            if not reasons <= {TRANSACTION_CONFLICT, REFUSED} or not reasons:
                raise
            return reasons
    return set()
