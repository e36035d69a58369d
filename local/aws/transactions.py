"""Patch of moto's DynamoDB transactions: roll back the written items only, where moto copies each table per item.

Fifty invoices issued together took a minute. moto is pinned, and `tests/local` fails when an upgrade moves this.
"""

import copy
from collections.abc import Mapping
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

ItemLocation = tuple[Table, DynamoType, DynamoType | None]


def patch_transaction_rollback() -> None:
    """Replace moto's table copies by a rollback of the items that a transaction wrote. Idempotent."""
    if hasattr(Table, "__deepcopy__"):
        return
    whole = DynamoDBBackend.transact_write_items

    def transact(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        found = [item_location(self, operation) for item in transact_items for operation in item.values()]
        before = [(one, copy.deepcopy(stored_item(one))) for one in found if one]
        try:
            whole(self, transact_items)
        except Exception:
            for one, item in before:
                restore_item(one, item)
            raise

    DynamoDBBackend.transact_write_items = transact  # type: ignore[method-assign]
    setattr(Table, "__deepcopy__", lambda self, memo: self)  # noqa: B010 - moto's own rollback then restores nothing


def item_location(backend: DynamoDBBackend, operation: Mapping[str, Any]) -> ItemLocation | None:
    """Returns the item that an operation writes; None when moto will refuse it."""
    table, key = backend.tables.get(operation.get("TableName", "")), operation.get("Key") or operation.get("Item")
    if table is None or not key or table.hash_key_attr not in key:
        return None
    ranged = table.range_key_attr
    if ranged and ranged not in key:
        return None
    return table, DynamoType(key[table.hash_key_attr]), DynamoType(key[ranged]) if ranged else None


def stored_item(one: ItemLocation) -> Any:
    table, key, ranged = one
    return table.get_item(key, ranged)


def restore_item(one: ItemLocation, item: Any) -> None:
    table, key, ranged = one
    if item is None:
        table.delete_item(key, ranged)
    elif ranged:
        table.items[key][ranged] = item
    else:
        table.items[key] = item
