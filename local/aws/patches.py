"""What the desk changes in moto: events led to our handlers, and what makes it slow to start and to answer.

moto is pinned: these few names are its own insides, and `tests/local` fails when an upgrade moves them.
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
from moto.dynamodb.models.table import Table
from moto.sns.models import Subscription

from chalicelib.clock import system_clock

Start = Callable[[str, bytes], None]
"""Has a Lambda function, by its ARN, run on an event later."""


def run_state_machines() -> None:
    """By default moto accepts state machines and runs nothing."""
    default_user_config["lambda"] = {"use_docker": False}
    default_user_config["stepfunctions"] = {"execute_state_machine": True}


def remember_what_does_not_change() -> None:
    """moto lists its own folder and its classes' methods again at each request: a third of a GetItem."""
    modules = tuple(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
    moto.core.responses.method_names_from_class = functools.cache(method_names_from_class)  # type: ignore[attr-defined]


@functools.cache
def answer_attribute_values_as_they_are() -> None:
    """moto walks every attribute of every item looking for each type it might have: seven eighths of a BatchGetItem."""
    serialize = BaseJSONSerializer._serialize_type_structure

    def serialize_unless_ready(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name == "AttributeValue":
            serialized[key] = value
        else:
            serialize(self, serialized, value, shape, key)

    BaseJSONSerializer._serialize_type_structure = serialize_unless_ready  # type: ignore[method-assign]


@functools.cache
def query_one_partition() -> None:
    """moto sorts the whole table at each Query, whatever its key: here it is given the rows of that key alone."""
    query: Any = Table.query

    def query_narrowed(self: Table, hash_key: DynamoType, *rest: Any, hash_key_conditions: Any, **more: Any) -> Any:
        narrow = copy.copy(self)
        narrow.items = rows_of(self, hash_key, dict(hash_key_conditions))
        return query(narrow, hash_key, *rest, hash_key_conditions=hash_key_conditions, **more)

    Table.query = query_narrowed  # type: ignore[assignment, method-assign]


def rows_of(table: Table, hash_key: DynamoType, conditions: dict[str, DynamoType]) -> Any:
    """What a Query may answer, in the shape of `table.items`: of an index, every row whose own keys are these."""
    if set(conditions) == {table.hash_key_attr}:
        return {hash_key: table.items[hash_key]} if hash_key in table.items else {}
    wanted = {name: value.value for name, value in conditions.items()}

    def asked(row: Any) -> bool:
        return all(name in row.attrs and row.attrs[name].value == value for name, value in wanted.items())

    if not table.range_key_attr:
        return {key: row for key, row in table.items.items() if asked(row)}
    return {key: {ranged: row for ranged, row in rows.items() if asked(row)} for key, rows in table.items.items()}


def import_without_machines() -> None:
    """Parameter Store and Step Functions import all of EC2, for commands that we never give: half of a start."""
    with hollow("moto.ec2", ec2_backends={}):
        importlib.import_module("moto.ssm.models")
    with hollow("moto.batch"):
        importlib.import_module("moto.stepfunctions.parser.models")


@contextmanager
def hollow(name: str, **holds: Any) -> Iterator[None]:
    """While the context lasts, a package of moto's that holds only this; its modules can be imported, alone."""
    if name in sys.modules:
        yield
        return
    package = types.ModuleType(name)
    package.__path__ = [str(Path(moto.__file__).parent / name.removeprefix("moto."))]
    vars(package).update(holds)
    sys.modules[name] = package
    try:
        yield
    finally:
        for loaded in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
            del sys.modules[loaded]


def lead_events_to(start: Start) -> None:
    """Have S3's and SNS's notifications of a Lambda function start ours, outside of the request that caused them."""

    def notify(account_id: str, event_body: Any, fn_arn: str, region_name: str) -> None:
        start(fn_arn, json.dumps(event_body).encode())

    publish = Subscription.publish

    def deliver(self: Subscription, message: str, message_id: str, *rest: Any, **more: Any) -> None:
        if self.protocol == "lambda":
            start(self.endpoint, topic_event(self, message, message_id))
        else:
            publish(self, message, message_id, *rest, **more)

    moto.s3.notifications._invoke_awslambda = notify
    Subscription.publish = deliver  # type: ignore[method-assign]


def topic_event(subscription: Subscription, message: str, message_id: str) -> bytes:
    """What Lambda is given of a message published to a topic."""
    notification: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": subscription.topic_arn,
        "Subject": None,
        "Message": message,
        "Timestamp": system_clock().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "MessageAttributes": {},
    }
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription.arn}
    return json.dumps({"Records": [{**record, "Sns": notification}]}).encode()
