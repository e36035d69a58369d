"""Several writes, of one table or many, done all or not at all."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import Unavailable
from chalicelib.store.table import Table, reaching, typed

ROUNDS = 6
FIRST_WAIT = 0.05
"""Seconds; doubled at each round, and drawn at random below that so that two writers part."""

CONFLICT = "TransactionConflict"
REFUSED = "ConditionalCheckFailed"


@dataclass(frozen=True)
class Write:
    """One part of a transaction, in DynamoDB's words."""

    request: dict[str, Any]

    @classmethod
    def updating(
        cls, table: Table, *key: str, expression: str, condition: str,
        values: Mapping[str, Any], names: Mapping[str, str],
    ) -> "Write":  # fmt: skip
        """An update expression under a condition."""
        return cls(
            {
                "Update": {
                    "TableName": table.name,
                    "Key": table.key(*key),
                    "UpdateExpression": expression,
                    "ConditionExpression": condition,
                    "ExpressionAttributeValues": typed(values),
                    "ExpressionAttributeNames": dict(names),
                }
            }
        )


def write_together(client: Any, writes: Sequence[Write], *, wait: Callable[[float], None] = time.sleep) -> bool:
    """Do every write or none; False when a condition did not hold.

    Raises Unavailable when others kept writing the same items, or when DynamoDB fails.
    """
    for turn in range(ROUNDS):
        reasons = _reasons(client, writes)
        if REFUSED in reasons:
            return False
        if CONFLICT not in reasons:
            return True
        wait(random.uniform(0, FIRST_WAIT * 2**turn))  # noqa: S311 - parts two writers, guards nothing
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
