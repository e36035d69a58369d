"""DynamoDB capacity: item sizes in bytes, and request units consumed by a call, by AWS's rules."""

import json
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

Item = Mapping[str, Any]
Request = dict[str, Any]
ItemKey = tuple[str, str]
"""A table and a key, as text."""

READ, WRITE = 4096, 1024
"""Bytes per read unit and per write unit."""

PER_ITEM, PER_ENTRY = 100, 100
"""Bytes that DynamoDB adds to each item and to each index entry when it bills storage."""

WRITES = ("PutItem", "UpdateItem", "DeleteItem")


def item_bytes(item: Item) -> int:
    """Returns the size of an item in bytes: its names and its values."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(typed: Item) -> int:
    ((kind, value),) = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return len(value.lstrip("-").rstrip("0")) // 2 + 2
    if kind == "L":
        return 3 + sum(1 + _value(one) for one in value)
    if kind == "M":
        return 3 + item_bytes(value) + len(value)
    return 1


def read_units(operation: str, request: Request, answer: Request) -> float:
    """Returns the read units of a GetItem, BatchGetItem, Query or Scan; a missing item counts as the smallest."""
    if operation == "GetItem":
        return _read([item_bytes(answer.get("Item", {}))], consistent=request.get("ConsistentRead", False))
    if operation == "BatchGetItem":
        return sum(
            _read(_weights(answer["Responses"].get(table, []), len(one["Keys"])), consistent=one["ConsistentRead"])
            for table, one in request["RequestItems"].items()
        )
    if operation in ("Query", "Scan"):
        return _read([sum(map(item_bytes, answer.get("Items", [])))], consistent=request.get("ConsistentRead", False))
    return 0


def _weights(found: Iterable[Item], wanted: int) -> list[int]:
    weights = [item_bytes(item) for item in found]
    return weights + [0] * (wanted - len(weights))


def _read(weights: Iterable[int], *, consistent: bool) -> float:
    return sum(max(1, ceil(one / READ)) for one in weights) * (1 if consistent else 0.5)


def written_places(operation: str, request: Request) -> list[ItemKey]:
    """Returns the keys of the items that an operation writes."""
    if operation == "TransactWriteItems":
        parts = [next(iter(part.values())) for part in request["TransactItems"]]
        return [_place(part) for part in parts]
    if operation == "BatchWriteItem":
        return [
            _place({"TableName": table, **next(iter(part.values()))})
            for table, parts in request["RequestItems"].items()
            for part in parts
        ]
    return [_place(request)] if operation in WRITES else []


def _place(request: Request) -> ItemKey:
    table = request["TableName"]
    key = request.get("Key") or {name: request["Item"][name] for name in _keys(table)}
    return table, json.dumps([key[name]["S"] for name in _keys(table)])


def stored_item(place: ItemKey) -> Item:
    """Returns the current item of the emulated table; empty when there is none."""
    found: Any = _table(place[0]).items
    for value in json.loads(place[1]):
        found = found.get(DynamoType({"S": value})) if found is not None else None
    return dict(found.to_json()["Attributes"]) if found is not None else {}


def put_item(table: str, item: Item) -> None:
    """Put an item directly into the emulated table, uncounted."""
    _table(table).put_item(dict(item))


def write_units(place: ItemKey, before: Item, after: Item) -> int:
    """Returns the write units of an item and its indexes; a failed condition costs as much as the existing item."""
    own = max(1, ceil(max(item_bytes(before), item_bytes(after)) / WRITE))
    return own + sum(_index_units(index, before, after) for index in _table(place[0]).global_indexes)


def _index_units(index: Any, before: Item, after: Item) -> int:
    """Returns an index's write units: an entry added or removed is one write, a changed key two, no change none."""
    old, new = _entry(index, before), _entry(index, after)
    if old == new:
        return 0
    keys = [one["AttributeName"] for one in index.schema]
    moved = old and new and [old[name] for name in keys] != [new[name] for name in keys]
    return max(1, ceil(max(item_bytes(old), item_bytes(new)) / WRITE)) * (2 if moved else 1)


def _entry(index: Any, item: Item) -> Item:
    """Returns what an index projects of an item: nothing unless the item has its keys."""
    keys = [one["AttributeName"] for one in index.schema]
    if not item or any(name not in item for name in keys):
        return {}
    if index.projection["ProjectionType"] == "ALL":
        return item
    return {name: item[name] for name in {*keys, *index.table_key_attrs}}


def billed_storage_bytes() -> int:
    """Returns the bytes that DynamoDB bills as storage, over every table and index."""
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].tables.values()
    return sum(_stored(table, item) for table in tables for item in _items(table))


def _items(table: Any) -> Iterable[Item]:
    for found in table.items.values():
        for item in found.values() if table.range_key_attr else (found,):
            yield item.to_json()["Attributes"]


def _stored(table: Any, item: Item) -> int:
    entries = [entry for index in table.global_indexes if (entry := _entry(index, item))]
    return item_bytes(item) + PER_ITEM + sum(item_bytes(entry) + PER_ENTRY for entry in entries)


def _keys(name: str) -> list[str]:
    table = _table(name)
    return [one for one in (table.hash_key_attr, table.range_key_attr) if one]


def _table(name: str) -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].tables[name]
