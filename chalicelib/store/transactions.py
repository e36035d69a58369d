"""Several writes, of one table or many, done all or not at all."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import Unavailable
from chalicelib.store.backoff import Wait, rounds
from chalicelib.store.items import Item
from chalicelib.store.table import KEY_IS_FREE, Table, reaching, typed

CONFLICT = "TransactionConflict"
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
    for _ in rounds(wait):
        reasons = _reasons(client, writes)
        if REFUSED in reasons:
            return False
        if CONFLICT not in reasons:
            return True
    raise Unavailable("DynamoDB: transaction conflicts")


def _reasons(client: Any, writes: Sequence[Write]) -> set[str]:
    """Why the transaction was cancelled; empty when it was done."""
    with reaching("DynamoDB"):
        try:
            client.transact_write_items(TransactItems=[write.request for write in writes])
        except ClientError as failure:
            reasons = {reason["Code"] for reason in failure.response.get("CancellationReasons", [])} - {"None"}
            if not reasons <= {CONFLICT, REFUSED} or not reasons:
                raise
            return reasons
    return set()
