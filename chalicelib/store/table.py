"""One DynamoDB table: the few calls our shelves make, with refused conditions told apart from failures."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import Unavailable
from chalicelib.store.backoff import Wait, rounds
from chalicelib.store.items import Item, marshal, unmarshal

REFUSED = "ConditionalCheckFailedException"
HELD = "TransactionConflictException"
"""A transaction is writing this item at this very instant."""

KEY_IS_FREE = "attribute_not_exists(#key)"

BATCH_GET_LIMIT = 100
BATCH_GET_ROUNDS = 8
"""How often DynamoDB may hand back unprocessed keys before we call it unavailable."""


@contextmanager
def reaching(what: str) -> Iterator[None]:
    """Turn what AWS raises into Unavailable; a ClientError the caller expects must be caught inside."""
    try:
        yield
    except (BotoCoreError, ClientError) as failure:
        raise Unavailable(what) from failure


@dataclass(frozen=True)
class Refused:
    """A condition did not hold; `item` is what was found instead, empty when nothing was."""

    item: Item


@dataclass(frozen=True)
class Wanted:
    """One item of one table, to be read together with others in a single round trip."""

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
        with reaching(self.name):
            answer = self.client.get_item(TableName=self.name, Key=self.key(*key), ConsistentRead=consistent)
        found: Item | None = answer.get("Item")
        return found

    def wanted(self, *key: str, consistent: bool = True) -> Wanted:
        return Wanted(self.name, self.key(*key), consistent)

    def put(
        self, item: Item, *, condition: str = "",
        values: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None,
    ) -> Refused | None:  # fmt: skip
        """Write the whole item; None when done, Refused when the condition did not hold."""
        request: dict[str, Any] = {"Item": item}
        if names:
            request["ExpressionAttributeNames"] = dict(names)
        return self._conditionally(self.client.put_item, request, condition, values)[1]

    def add(self, item: Item) -> bool:
        """Write the item only if its key is free."""
        return self.put(item, condition=KEY_IS_FREE, names={"#key": self.hash_key}) is None

    def delete(
        self, *key: str, condition: str = "",
        values: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None,
    ) -> Item | None:  # fmt: skip
        """Remove an item and answer what it held; None when it was not there or the condition did not hold."""
        request = {"Key": self.key(*key), "ReturnValues": "ALL_OLD"}
        if names:
            request["ExpressionAttributeNames"] = dict(names)
        answer, refused = self._conditionally(self.client.delete_item, request, condition, values)
        return None if refused else answer.get("Attributes")

    def update(
        self, *key: str, expression: str, condition: str = "",
        values: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None,
    ) -> Item | Refused:  # fmt: skip
        """Apply an update expression; answers the new item, or Refused."""
        request = {"Key": self.key(*key), "UpdateExpression": expression, "ReturnValues": "ALL_NEW"}
        if names:
            request["ExpressionAttributeNames"] = dict(names)
        answer, refused = self._conditionally(self.client.update_item, request, condition, values)
        return refused or answer.get("Attributes", {})

    def query(self, condition: str, values: Mapping[str, Any], **options: Any) -> Iterator[Item]:
        """Every item of a query, page after page."""
        for page in self._pages("query", _asked(condition, values, options)):
            yield from page["Items"]

    def count(self, condition: str, values: Mapping[str, Any], **options: Any) -> int:
        """How many items a query finds; none of them travels."""
        asked = _asked(condition, values, {**options, "Select": "COUNT"})
        return sum(page["Count"] for page in self._pages("query", asked))

    def scan(self, **options: Any) -> Iterator[Item]:
        """Every item of the table, page after page: for the desk's exports, never for a page of the portal."""
        for page in self._pages("scan", options):
            yield from page["Items"]

    def _pages(self, operation: str, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        with reaching(self.name):
            yield from self.client.get_paginator(operation).paginate(TableName=self.name, **request)

    def _conditionally(
        self, call: Any, request: dict[str, Any], condition: str, values: Mapping[str, Any] | None
    ) -> tuple[Any, Refused | None]:
        if condition:
            request |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        if values:
            request["ExpressionAttributeValues"] = typed(values)
        for _ in rounds(self._wait):
            with reaching(self.name):
                try:
                    return call(TableName=self.name, **request), None
                except ClientError as failure:
                    code = failure.response["Error"]["Code"]
                    if code not in (REFUSED, HELD):
                        raise
                    if code == REFUSED:
                        found: Any = failure.response.get("Item", {})
                        return None, Refused(found)
        raise Unavailable(f"{self.name}: transaction conflicts")


def _asked(condition: str, values: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    return {"KeyConditionExpression": condition, "ExpressionAttributeValues": typed(values), **options}


def typed(values: Mapping[str, Any]) -> Item:
    """Expression values: « :now » → DynamoDB's typed value."""
    return {name: marshal(value) for name, value in values.items()}


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item as plain values."""
    return {name: unmarshal(value) for name, value in item.items()}


def read_together(client: Any, wanted: Sequence[Wanted]) -> list[Item | None]:
    """Several items, of one table or many, in one round trip; in the order asked, None where there is none.

    Raises Unavailable when DynamoDB keeps handing keys back.
    """
    found: dict[tuple[str, str], Item] = {}
    for some in in_groups(wanted, BATCH_GET_LIMIT):
        request: dict[str, Any] = {}
        for one in {(one.table, repr(one.key)): one for one in some}.values():
            request.setdefault(one.table, {"Keys": [], "ConsistentRead": one.consistent})["Keys"].append(one.key)
        found |= _read_all(client, request, {one.table: tuple(one.key) for one in some})
    return [found.get((one.table, repr(one.key))) for one in wanted]


def _read_all(client: Any, request: Any, keys: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, str], Item]:
    found: dict[tuple[str, str], Item] = {}
    for _ in range(BATCH_GET_ROUNDS):
        with reaching("DynamoDB"):
            answer = client.batch_get_item(RequestItems=request)
        for table, items in answer["Responses"].items():
            found |= {(table, repr({name: item[name] for name in keys[table]})): item for item in items}
        request = answer.get("UnprocessedKeys")
        if not request:
            return found
    raise Unavailable("DynamoDB: unprocessed keys")


def in_groups(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The things in order, in lists of at most `size`."""
    group: list[Any] = []
    for thing in things:
        group.append(thing)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
