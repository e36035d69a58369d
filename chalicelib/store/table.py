"""One DynamoDB table: models as items, conditional writes, queries, and batches of reads."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel

from chalicelib.errors import Unavailable
from chalicelib.store.retry import Wait, retry

Item = dict[str, Any]
AnyModel = TypeVar("AnyModel", bound=BaseModel)


def marshal(value: Any) -> dict[str, Any]:
    """A plain value as DynamoDB's typed value. Raises TypeError for a float or anything else."""
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
    """DynamoDB's typed value as a plain one; numbers are integers here."""
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


def attributes_of(model: BaseModel) -> dict[str, Any]:
    """The model's fields as plain values; None and "" are left out, so that sparse indexes stay sparse."""
    return {name: value for name, value in model.model_dump(mode="json").items() if value not in (None, "")}


def item_of(model: BaseModel) -> Item:
    """The model as an item: see `attributes_of`."""
    return {name: marshal(value) for name, value in attributes_of(model).items()}


def model_of(kind: type[AnyModel], item: Mapping[str, Any]) -> AnyModel:
    """The model that `item_of` wrote; attributes that are no field of it are ignored."""
    return kind.model_validate({name: unmarshal(item[name]) for name in kind.model_fields if name in item})


REFUSED = "ConditionalCheckFailedException"
TRANSACTION_CONFLICT = "TransactionConflictException"

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
        what = f"{self.name}: transaction conflicts"
        return self._try(call, request) or retry(lambda: self._try(call, request), what=what, wait=self._wait)

    def _try(self, call: Any, request: dict[str, Any]) -> tuple[Any, Refused | None] | None:
        """Returns None when a transaction is writing the item at this very instant."""
        with reaching(self.name):
            try:
                return call(TableName=self.name, **request), None
            except ClientError as failure:
                code = failure.response["Error"]["Code"]
                if code == TRANSACTION_CONFLICT:
                    return None
                if code != REFUSED:
                    raise
                found: Any = failure.response.get("Item", {})
                return None, Refused(found)


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
    for start in range(0, len(wanted), BATCH_GET_LIMIT):
        some = wanted[start : start + BATCH_GET_LIMIT]
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
