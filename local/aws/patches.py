"""Patches of moto: S3, SNS and stream events start our handlers, and slow code paths are replaced.

moto is pinned: these names are private to it, and `tests/local` fails when an upgrade moves them.
"""

import copy
import functools
import importlib
import json
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import moto
import moto.backends
import moto.core.responses
import moto.s3.notifications
from moto.core.config import default_user_config
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import StreamRecord, StreamShard, Table
from moto.sns.models import Subscription

from chalicelib.clock import system_clock

Start = Callable[[str, bytes], None]
"""Starts a Lambda function, by its ARN, with an event's JSON, asynchronously."""


def enable_state_machines() -> None:
    """Have moto run state machines: by default it accepts them and runs nothing."""
    default_user_config["lambda"] = {"use_docker": False}
    default_user_config["stepfunctions"] = {"execute_state_machine": True}


def cache_constant_lookups() -> None:
    """Cache moto's list of modules and of methods: it rebuilds them at each request, a third of a GetItem's time."""
    modules = tuple(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    moto.core.responses.method_names_from_class = functools.cache(method_names_from_class)  # type: ignore[attr-defined]


@functools.cache
def skip_attribute_value_serialization() -> None:
    """Return attribute values unchanged: moto tries each type on each of them, 7/8 of a BatchGetItem's time."""
    serialize = BaseJSONSerializer._serialize_type_structure

    def serialize_unless_ready(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue":
            serialized[key] = value
        else:
            serialize(self, serialized, value, shape, key)

    BaseJSONSerializer._serialize_type_structure = serialize_unless_ready  # type: ignore[method-assign]


@functools.cache
def query_one_partition() -> None:
    """Give Query the rows of its key only: moto sorts the whole table at each Query."""
    query: Any = Table.query

    def query_narrowed(self: Table, hash_key: DynamoType, *rest: Any, hash_key_conditions: Any, **more: Any) -> Any:
        narrow = copy.copy(self)
        narrow.items = matching_rows(self, hash_key, dict(hash_key_conditions))
        return query(narrow, hash_key, *rest, hash_key_conditions=hash_key_conditions, **more)

    Table.query = query_narrowed  # type: ignore[assignment, method-assign]


def matching_rows(table: Table, hash_key: DynamoType, conditions: dict[str, DynamoType]) -> Any:
    """Returns the rows that a Query may return, in the shape of `table.items`; of an index, those with these keys."""
    if set(conditions) == {table.hash_key_attr}:
        return {hash_key: table.items[hash_key]} if hash_key in table.items else {}
    wanted = {name: value.value for name, value in conditions.items()}

    def matches(row: Any) -> bool:
        return all(name in row.attrs and row.attrs[name].value == value for name, value in wanted.items())

    if not table.range_key_attr:
        return {key: row for key, row in table.items.items() if matches(row)}
    return {key: {ranged: row for ranged, row in rows.items() if matches(row)} for key, rows in table.items.items()}


def import_without_ec2() -> None:
    """Import SSM and Step Functions without EC2 and Batch, which we never call: half of the start-up time."""
    with empty_package("moto.ec2", ec2_backends={}):
        importlib.import_module("moto.ssm.models")
    with empty_package("moto.batch"):
        importlib.import_module("moto.stepfunctions.parser.models")


@contextmanager
def empty_package(name: str, **attributes: Any) -> Iterator[None]:
    """Replace a package of moto by an empty one inside the context; its submodules can still be imported."""
    if name in sys.modules:
        yield
        return
    package = types.ModuleType(name)
    package.__path__ = [str(Path(moto.__file__).parent / name.removeprefix("moto."))]
    vars(package).update(attributes)
    sys.modules[name] = package
    try:
        yield
    finally:
        for loaded in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
            del sys.modules[loaded]


def route_events_to(start: Start) -> None:
    """Have S3 and SNS notifications start our Lambda functions, outside of the request that caused them."""

    def notify(account_id: str, event_body: Any, fn_arn: str, region_name: str) -> None:
        start(fn_arn, json.dumps(event_body).encode())

    publish = Subscription.publish

    def deliver(self: Subscription, message: str, message_id: str, *rest: Any, **more: Any) -> None:
        if self.protocol == "lambda":
            start(self.endpoint, topic_event(message, message_id, topic=self.topic_arn, subscription=self.arn))
        else:
            publish(self, message, message_id, *rest, **more)

    moto.s3.notifications._invoke_awslambda = notify
    Subscription.publish = deliver  # type: ignore[method-assign]


def route_streams_to(add: Callable[[dict[str, Any]], None]) -> None:
    """Have each record of a table's stream handed over, as Lambda receives it, and kept nowhere."""

    def add_record(self: StreamShard, old: Any, new: Any) -> None:
        kind = self.table.stream_specification["StreamViewType"]  # type: ignore[index]
        record = StreamRecord(self.table, kind, "MODIFY" if old and new else "INSERT" if new else "REMOVE", old, new, 0)
        add(stream_record(self.table, record.to_json()))

    StreamShard.add = add_record  # type: ignore[method-assign]


def stream_record(table: Table, record: dict[str, Any]) -> dict[str, Any]:
    """Returns a record as JSON takes it, with the ARN of its stream."""
    changed = {name: value for name, value in record["dynamodb"].items() if name != "ApproximateCreationDateTime"}
    stream = f"{table.table_arn}/stream/{table.latest_stream_label}"
    return {**record, "dynamodb": changed, "eventSourceARN": stream}


def topic_event(message: str, message_id: str, *, topic: str, subscription: str) -> bytes:
    """Returns Lambda's event for a message published to an SNS topic."""
    notification: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": topic,
        "Subject": None,
        "Message": message,
        "Timestamp": system_clock().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "MessageAttributes": {},
    }
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription}
    return json.dumps({"Records": [{**record, "Sns": notification}]}).encode()
