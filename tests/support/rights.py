"""What our functions and the office's command call of AWS in any test, compared with what their policies allow.

Every call that botocore makes is noted with who was at work: the web function, a task, or `guichet`. Nobody may call
what the policy leaves out (each test ends with that question), and no policy may allow what nobody called in the whole
run (asked once all tests are done, by the process that hears from all the others).
"""

import contextlib
import fnmatch
import functools
import json
from collections.abc import Iterable, Iterator
from typing import Any

from botocore.client import BaseClient

from infrastructure.template import CHALICE, of_type, render

Right = tuple[str, str, str]
"""Who, the action, and what it is done to: a resource, or a pattern of resources."""

WEB, COMMAND = "web", "guichet"
PARAMETERS = {
    "${AWS::Partition}": "aws",
    "${AWS::Region}": "eu-west-3",
    "${AWS::AccountId}": "123456789012",
    "${Stage}": "test",
    "${Prefix}": "portail-famille-test",
    "${MailDomain}": "saint-aubin-les-pins.example.org",
}
ACTIONS = {"ListObjectsV2": "ListBucket", "ListObjectVersions": "ListBucketVersions", "Invoke": "InvokeFunction"}
UNCALLED = {
    "logs:CreateLogStream": "Lambda itself, around each function",
    "logs:PutLogEvents": "the same",
    "sqs:SendMessage": "the same, when it gives an event up",
    "dynamodb:DescribeStream": "Lambda itself, which reads a table's stream for the function",
    "dynamodb:GetRecords": "the same",
    "dynamodb:GetShardIterator": "the same",
    "dynamodb:ListStreams": "the same",
    "ssm:GetParametersByPath": "once a container, before any test's portal is built",
    "ses:SendRawEmail": "SES asks for it beside SendEmail when the content is a whole message",
    "lambda:GetFunctionConfiguration": "once, by the engineer who prepares an agent's settings",
}
"""Rights that no test can be seen to need, and why they are there."""

CALLED: set[Right] = set()
"""(who, action, what it was done to), of this process and of those that ended before it."""

_at_work: list[str] = []


@contextlib.contextmanager
def acting(who: str) -> Iterator[None]:
    """Whoever calls AWS meanwhile is `who`; a task called by another is itself."""
    _at_work.append(who)
    try:
        yield
    finally:
        _at_work.pop()


def listen() -> None:
    """Note every call of this process from now on."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]  # private: the stubs leave it out

    @functools.wraps(call)
    def noted(client: BaseClient, operation: str, given: dict[str, Any]) -> Any:
        if _at_work:
            CALLED.update((_at_work[-1], *one) for one in asked(client, operation, given))
        return call(client, operation, given)

    BaseClient._make_api_call = noted  # type: ignore[attr-defined]  # the same


def refused(called: Iterable[Right]) -> list[Right]:
    """What was done without the right to."""
    return sorted(one for one in called if not allowed(*one))


def unused(called: Iterable[Right]) -> list[Right]:
    """(who, action, pattern) of each right that nothing in `called` needs."""
    rights = {(who, action, pattern) for who in policies() for action, pattern in rights_of(who)}
    used = {
        (who, action, pattern)
        for who, action, resource in called
        for right, pattern in rights_of(who)
        if right == action and fnmatch.fnmatchcase(resource, pattern)
    }
    return sorted(one for one in rights - used if one[1] not in UNCALLED)


def remedy(who: str) -> str:
    """What to do about a right of `who` that no test needs."""
    if who == COMMAND:
        return ".chalice/resources/command_policies.json: drop it, or type in a test the verb that needs it"
    how = "visit in a test the page that needs it" if who == WEB else "call the task by portal.tasks.call in a test"
    return f".chalice/policies/{who}.json: drop it, or {how}"


def asked(client: BaseClient, operation: str, given: dict[str, Any]) -> set[tuple[str, str]]:
    """The (action, resource) pairs of a call, as IAM names them."""
    service = client.meta.service_model.endpoint_prefix
    action = ACTIONS.get(operation, operation)
    if operation == "TransactWriteItems":
        parts = [part for write in given["TransactItems"] for part in write.items()]
        return {(f"dynamodb:{kind}Item", f"table/{part['TableName']}") for kind, part in parts}
    if operation in ("BatchGetItem", "BatchWriteItem"):
        return {(f"dynamodb:{action}", f"table/{table}") for table in given["RequestItems"]}
    if service == "dynamodb":
        index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
        return {(f"dynamodb:{action}", f"table/{given['TableName']}{index}")}
    if service == "s3":
        return of_objects(action, given)
    if service == "states":
        return {(f"states:{action}", given.get("stateMachineArn", given.get("executionArn", "*")).split(":", 5)[-1])}
    if operation == "SendEmail":
        configuration = f"configuration-set/{PARAMETERS['${Prefix}']}-mails"
        return {("ses:SendEmail", f"identity/{PARAMETERS['${MailDomain}']}"), ("ses:SendEmail", configuration)}
    return set()


def of_objects(action: str, given: dict[str, Any]) -> set[tuple[str, str]]:
    """Reading goes with listing: without it S3 answers 403 instead of 404 for an object that is not there."""
    bucket = given["Bucket"]
    if "Key" not in given:
        return {(f"s3:{action}", bucket)}
    version = "Version" if given.get("VersionId") else ""
    if action == "HeadObject":  # what it says of a lock, it says only to who may read the lock
        read = (f"GetObject{version}", "GetObjectRetention", "GetObjectLegalHold")
        return {(f"s3:{one}", f"{bucket}/{given['Key']}") for one in read}
    listing = {("s3:ListBucket", bucket)} if action == "GetObject" else set()
    return {(f"s3:{action}{version}", f"{bucket}/{given['Key']}")} | listing


def invoking(name: str) -> None:
    """A task that is asked for, in this process here, is a function invoked there."""
    if _at_work:
        CALLED.add((_at_work[-1], "lambda:InvokeFunction", f"function:portail-famille-test-{name}"))


def allowed(who: str, action: str, resource: str) -> bool:
    return any(right == action and fnmatch.fnmatchcase(resource, pattern) for right, pattern in rights_of(who))


@functools.cache
def policies() -> dict[str, list[dict[str, Any]]]:
    """The statements of each function's policy, and of the office's."""
    found = {path.stem: json.loads(path.read_text("utf-8"))["Statement"] for path in (CHALICE / "policies").iterdir()}
    office = of_type(render(stage="test")["Resources"], "AWS::IAM::ManagedPolicy")
    return found | {COMMAND: [one for policy in office for one in policy["PolicyDocument"]["Statement"]]}


@functools.cache
def rights_of(who: str) -> frozenset[tuple[str, str]]:
    """The (action, pattern of the end of an ARN) pairs of a policy."""
    return frozenset(
        (action, filled(one["Fn::Sub"] if isinstance(one, dict) else one))
        for statement in policies()[who]
        for action in statement["Action"]
        for one in (statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]])
    )


def filled(pattern: str) -> str:
    """The end of an ARN, the stage's names in place."""
    for name, value in PARAMETERS.items():
        pattern = pattern.replace(name, value)
    return pattern.split(":", 5)[-1]
