"""Stubbed DynamoDB client: canned responses through boto3's own code, so that benchmarks measure no emulator."""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

from chalicelib.clients import Clients
from chalicelib.portal import Portal, build
from chalicelib.stage_settings import Secrets, Settings
from local.keys import NAMES, PAYBOX_TEST_KEY

SECRETS = Secrets.from_texts(dict.fromkeys(NAMES, "11" * 32) | {"paybox_hmac_key": PAYBOX_TEST_KEY})
CannedAnswers = dict[str, Callable[[dict[str, Any]], dict[str, Any]]]
"""The response of each operation, by its name, computed from the request's JSON."""


class CannedBody(io.BytesIO):
    """A raw HTTP body as botocore reads it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class CannedClients(Clients):
    """Clients whose DynamoDB returns `answers`; `calls` counts the operations."""

    def __init__(self, answers: CannedAnswers) -> None:
        self.calls: Counter[str] = Counter()
        self.dynamodb = boto3.session.Session("bench", "bench", region_name="eu-west-3").client("dynamodb")
        self.dynamodb.meta.events.register_first("before-send.dynamodb.*", self._answer)
        self._answers = answers

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        self.calls[operation] += 1
        body = json.dumps(self._answers[operation](json.loads(request.body))).encode()
        return aws_response(request, body, {"Content-Type": "application/x-amz-json-1.0"})


def aws_response(request: Any, body: bytes, headers: dict[str, str]) -> AWSResponse:
    return AWSResponse(request.url, 200, headers, CannedBody(body))  # type: ignore[arg-type]  # any mapping will do


def canned_portal(answers: CannedAnswers, **chosen: Any) -> tuple[Portal, CannedClients]:
    """Returns a portal over canned answers, and its clients; `chosen` are settings."""
    clients = CannedClients(answers)
    settings = Settings(stage="test", public_url="https://portail.example.org", **chosen)
    return build(settings, SECRETS, clients=clients), clients
