"""Undo a DynamoDB transaction by what it touched: moto copies each table whole, once for each item, before it begins.

Fifty invoices made visible together took a minute. moto is pinned, and `tests/local` fails when an upgrade moves this.
"""

import copy
from collections.abc import Mapping
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

Place = tuple[Table, DynamoType, DynamoType | None]


def undo_what_is_touched() -> None:
    """Replace moto's copies; safe to call again."""
    if hasattr(Table, "__deepcopy__"):
        return
    whole = DynamoDBBackend.transact_write_items

    def transact(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        found = [place(self, operation) for item in transact_items for operation in item.values()]
        before = [(one, copy.deepcopy(held(one))) for one in found if one]
        try:
            whole(self, transact_items)
        except Exception:
            for one, item in before:
                put_back(one, item)
            raise

    DynamoDBBackend.transact_write_items = transact  # type: ignore[method-assign]
    setattr(Table, "__deepcopy__", lambda self, memo: self)  # noqa: B010 - moto then restores what was undone here


def place(backend: DynamoDBBackend, operation: Mapping[str, Any]) -> Place | None:
    """Where an operation writes; None when moto will refuse it."""
    table, key = backend.tables.get(operation.get("TableName", "")), operation.get("Key") or operation.get("Item")
    if table is None or not key or table.hash_key_attr not in key:
        return None
    ranged = table.range_key_attr
    if ranged and ranged not in key:
        return None
    return table, DynamoType(key[table.hash_key_attr]), DynamoType(key[ranged]) if ranged else None


def held(one: Place) -> Any:
    table, key, ranged = one
    return table.get_item(key, ranged)


def put_back(one: Place, item: Any) -> None:
    table, key, ranged = one
    if item is None:
        table.delete_item(key, ranged)
    elif ranged:
        table.items[key][ranged] = item
    else:
        table.items[key] = item
