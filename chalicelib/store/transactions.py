"""DynamoDB transactions (TransactWriteItems) and update expressions made of the difference of two models."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from pydantic import BaseModel

from chalicelib.store.retry import Wait, retry
from chalicelib.store.table import KEY_IS_FREE, Item, Table, as_unavailable, attributes_of, marshal_values

TRY_AGAIN = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
"""Reasons of a cancelled transaction that is tried again: others write the same items, or DynamoDB throttles."""
CONDITION_FAILED = "ConditionalCheckFailed"


@dataclass(frozen=True)
class Write:
    """One write of a transaction, as a TransactWriteItems entry."""

    request: dict[str, Any]

    @classmethod
    def updating(
        cls, table: Table, *key: str, expression: str, condition: str = "",
        values: Mapping[str, Any], names: Mapping[str, str],
    ) -> "Write":  # fmt: skip
        """Returns an update, conditional or not."""
        request = {
            "TableName": table.name,
            "Key": table.key(*key),
            "UpdateExpression": expression,
            "ExpressionAttributeValues": marshal_values(values),
            "ExpressionAttributeNames": dict(names),
        }
        return cls({"Update": request | ({"ConditionExpression": condition} if condition else {})})

    @classmethod
    def adding(cls, table: Table, item: Item) -> "Write":
        """Returns the put of a new item; it fails if the key exists."""
        names = {"#key": table.hash_key}
        request = {"ConditionExpression": KEY_IS_FREE, "ExpressionAttributeNames": names}
        return cls({"Put": {"TableName": table.name, "Item": item, **request}})

    @classmethod
    def checking(
        cls, table: Table, *key: str, condition: str,
        values: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None,
    ) -> "Write":  # fmt: skip
        """Returns a condition on an item that the transaction does not write."""
        request: dict[str, Any] = {"TableName": table.name, "Key": table.key(*key), "ConditionExpression": condition}
        if values:
            request["ExpressionAttributeValues"] = marshal_values(values)
        if names:
            request["ExpressionAttributeNames"] = dict(names)
        return cls({"ConditionCheck": request})


def transact_write(client: Any, writes: Sequence[Write], *, wait: Wait = time.sleep) -> bool:
    """Do every write or none; returns False when a condition did not hold.

    Raises Unavailable when conflicts remain after every try, or when DynamoDB fails.
    """
    return not failed_conditions(client, writes, wait=wait)


def failed_conditions(client: Any, writes: Sequence[Write], *, wait: Wait = time.sleep) -> set[int]:
    """Do every write or none; returns the places of those whose condition did not hold, none when all was done.

    Raises Unavailable when conflicts remain after every try, or when DynamoDB fails.
    """
    failed = _try(client, writes)
    if failed is None:
        return retry(partial(_try, client, writes), what="DynamoDB: transaction conflicts", wait=wait)
    return failed


def _try(client: Any, writes: Sequence[Write]) -> set[int] | None:
    """Returns None on a conflict with another transaction on the same items, or when DynamoDB throttles."""
    reasons = _reasons(client, writes)
    failed = {place for place, code in reasons.items() if code == CONDITION_FAILED}
    return None if reasons and not failed else failed


def _reasons(client: Any, writes: Sequence[Write]) -> dict[int, str]:
    """Returns the reasons why the transaction was cancelled, by the place of the write; empty when it was done."""
    with as_unavailable("DynamoDB"):
        try:
            client.transact_write_items(TransactItems=[write.request for write in writes])
        except ClientError as failure:
            given = enumerate(failure.response.get("CancellationReasons", []))
            reasons = {place: reason["Code"] for place, reason in given if reason["Code"] != "None"}
            if not reasons or not {*reasons.values()} <= {CONDITION_FAILED, *TRY_AGAIN}:
                raise
            return reasons
    return {}


@dataclass(frozen=True)
class Change:
    """The difference of two models: attributes to write (plain values) and to remove."""

    written: dict[str, Any]
    removed: tuple[str, ...]

    def as_update(self, *, condition: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Returns keyword arguments for `Table.update`. There must be something to write."""
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
    """Returns the change from the stored form of `before` to that of `after`."""
    old, new = attributes_of(before), attributes_of(after)
    return Change(
        written={name: value for name, value in new.items() if old.get(name) != value},
        removed=tuple(sorted(old.keys() - new.keys())),
    )
