"""A DynamoDB table: conditional writes, queries, batch reads; pydantic models marshalled to and from items."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.errors import Unavailable
from chalicelib.store.retry import Wait, retry

Item = dict[str, Any]
AnyModel = TypeVar("AnyModel", bound=BaseModel)

CONDITION_FAILED = "ConditionalCheckFailedException"
TRANSACTION_CONFLICT = "TransactionConflictException"
KEY_IS_FREE = "attribute_not_exists(#key)"

BATCH_GET_LIMIT = 100


@dataclass(frozen=True)
class ConditionFailed:
    """A condition failed; `item` is the stored item, empty when there is none."""

    item: Item


@dataclass(frozen=True)
class BatchKey:
    """The key of one item of one table, for a BatchGetItem."""

    table: str
    key: Item
    consistent: bool


class Table:
    """A table by its deployed name; keys are plain strings."""

    def __init__(self, client: Any, name: str, *key: str, wait: Wait = time.sleep) -> None:
        self.client = client
        self.name = name
        self._key = key
        self._wait = wait

    @property
    def hash_key(self) -> str:
        return self._key[0]

    def key(self, *values: str) -> Item:
        return {name: {"S": value} for name, value in zip(self._key, values, strict=True)}

    def get(self, *key: str, consistent: bool = True) -> Item | None:
        with as_unavailable(self.name):
            response = self.client.get_item(TableName=self.name, Key=self.key(*key), ConsistentRead=consistent)
        found: Item | None = response.get("Item")
        return found

    def batch_key(self, *key: str, consistent: bool = True) -> BatchKey:
        return BatchKey(self.name, self.key(*key), consistent)

    def put(
        self, item: Item, *, condition: str = "",
        values: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None,
    ) -> ConditionFailed | None:  # fmt: skip
        """Write the whole item; returns None when done, ConditionFailed when the condition did not hold."""
        return self._conditionally(self.client.put_item, {"Item": item}, condition, values, names)[1]

    def add(self, item: Item) -> bool:
        """Write the item; returns False, and nothing changed, when its key exists."""
        return self.put(item, condition=KEY_IS_FREE, names={"#key": self.hash_key}) is None

    def delete(
        self, *key: str, condition: str = "",
        values: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None,
    ) -> Item | None:  # fmt: skip
        """Remove an item; returns it, or None when it was not there or the condition did not hold."""
        request = {"Key": self.key(*key), "ReturnValues": "ALL_OLD"}
        response, refused = self._conditionally(self.client.delete_item, request, condition, values, names)
        return None if refused else response.get("Attributes")

    def update(
        self, *key: str, expression: str, condition: str = "",
        values: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None,
    ) -> Item | ConditionFailed:  # fmt: skip
        """Apply an update expression; returns the new item, or ConditionFailed."""
        request = {"Key": self.key(*key), "UpdateExpression": expression, "ReturnValues": "ALL_NEW"}
        response, refused = self._conditionally(self.client.update_item, request, condition, values, names)
        return refused or response.get("Attributes", {})

    def query(self, condition: str, values: Mapping[str, Any], **options: Any) -> Iterator[Item]:
        """Yields every item of a query."""
        for page in self._pages("query", _query_request(condition, values, options)):
            yield from page["Items"]

    def count(self, condition: str, values: Mapping[str, Any], **options: Any) -> int:
        """Returns the number of items of a query, without reading them."""
        request = _query_request(condition, values, {**options, "Select": "COUNT"})
        return sum(page["Count"] for page in self._pages("query", request))

    def scan(self, **options: Any) -> Iterator[Item]:
        """Yields every item of the table: for the office's exports and scheduled tasks, never for a page."""
        for page in self._pages("scan", options):
            yield from page["Items"]

    def _pages(self, operation: str, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        with as_unavailable(self.name):
            yield from self.client.get_paginator(operation).paginate(TableName=self.name, **request)

    def _conditionally(
        self, call: Any, request: dict[str, Any], condition: str,
        values: Mapping[str, Any] | None, names: Mapping[str, str] | None,
    ) -> tuple[Any, ConditionFailed | None]:  # fmt: skip
        if condition:
            request |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        if values:
            request["ExpressionAttributeValues"] = marshal_values(values)
        if names:
            request["ExpressionAttributeNames"] = dict(names)
        what = f"{self.name}: transaction conflicts"
        return self._try(call, request) or retry(lambda: self._try(call, request), what=what, wait=self._wait)

    def _try(self, call: Any, request: dict[str, Any]) -> tuple[Any, ConditionFailed | None] | None:
        """Returns None on a conflict with a transaction that is writing the item."""
        with as_unavailable(self.name):
            try:
                return call(TableName=self.name, **request), None
            except ClientError as failure:
                code = failure.response["Error"]["Code"]
                if code == TRANSACTION_CONFLICT:
                    return None
                if code != CONDITION_FAILED:
                    raise
                found: Any = failure.response.get("Item", {})
                return None, ConditionFailed(found)


def batch_get(client: Any, wanted: Sequence[BatchKey], *, wait: Wait = time.sleep) -> list[Item | None]:
    """Returns several items, of one or more tables, in the order of `wanted`, None where missing; in one round trip.

    Each BatchGetItem reads a hundred; several are asked side by side.

    Raises Unavailable when DynamoDB keeps returning unprocessed keys.
    """
    found: dict[tuple[str, str], Item] = {}
    distinct = list({(one.table, repr(one.key)): one for one in wanted}.values())
    for some in in_threads(lambda part: _read_part(client, part, wait), list(in_batches(distinct, BATCH_GET_LIMIT))):
        found |= some
    return [found.get((one.table, repr(one.key))) for one in wanted]


def _read_part(client: Any, wanted: Sequence[BatchKey], wait: Wait) -> dict[tuple[str, str], Item]:
    request: dict[str, Any] = {}
    for one in wanted:
        request.setdefault(one.table, {"Keys": [], "ConsistentRead": one.consistent})["Keys"].append(one.key)
    return _read_all(client, request, {one.table: tuple(one.key) for one in wanted}, wait)


def _read_all(
    client: Any, request: Any, keys: Mapping[str, tuple[str, ...]], wait: Wait
) -> dict[tuple[str, str], Item]:
    found: dict[tuple[str, str], Item] = {}
    pending = request

    def once() -> bool | None:
        """Returns None while DynamoDB returns unprocessed keys."""
        nonlocal pending
        with as_unavailable("DynamoDB"):
            response = client.batch_get_item(RequestItems=pending)
        for table, items in response["Responses"].items():
            found.update({(table, repr({name: item[name] for name in keys[table]})): item for item in items})
        pending = response.get("UnprocessedKeys")
        return None if pending else True

    once() or retry(once, what="DynamoDB: unprocessed keys", wait=wait)
    return found


def _query_request(condition: str, values: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    return {"KeyConditionExpression": condition, "ExpressionAttributeValues": marshal_values(values), **options}


@contextmanager
def as_unavailable(what: str) -> Iterator[None]:
    """Raise Unavailable in place of botocore's errors; a ClientError the caller expects must be caught inside."""
    try:
        yield
    except (BotoCoreError, ClientError) as failure:
        raise Unavailable(what) from failure


def item_of(model: BaseModel) -> Item:
    """Returns the model as an item: see `attributes_of`."""
    return {name: marshal(value) for name, value in attributes_of(model).items()}


def model_of(kind: type[AnyModel], item: Mapping[str, Any]) -> AnyModel:
    """Returns the model that `item_of` wrote; attributes that are no field of it are ignored."""
    names = (field.alias or name for name, field in kind.model_fields.items())
    return kind.model_validate({name: unmarshal(item[name]) for name in names if name in item})


def attributes_of(model: BaseModel) -> dict[str, Any]:
    """Returns the fields as plain values, by stored name; None and "" are left out, so that sparse indexes stay so."""
    return {name: value for name, value in model.model_dump(mode="json").items() if value not in (None, "")}


def marshal(value: Any) -> dict[str, Any]:
    """Returns a plain value as DynamoDB's typed value. Raises TypeError for a float or any other type."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": value}
    if value is None:
        return {"NULL": True}
    if isinstance(value, list | tuple):
        return {"L": [marshal(one) for one in value]}
    if isinstance(value, Mapping):
        return {"M": {name: marshal(one) for name, one in value.items()}}
    raise TypeError(f"not storable: {type(value).__name__}")


def unmarshal(typed: Mapping[str, Any]) -> Any:
    """Returns DynamoDB's typed value as a plain one; numbers are integers."""
    ((kind, value),) = typed.items()
    if kind == "N":
        return int(value)
    if kind == "NULL":
        return None
    if kind == "L":
        return [unmarshal(one) for one in value]
    if kind == "M":
        return {name: unmarshal(one) for name, one in value.items()}
    return value


def marshal_values(values: Mapping[str, Any]) -> Item:
    """Returns expression values (« :now » → value) as DynamoDB's typed values."""
    return {name: marshal(value) for name, value in values.items()}
