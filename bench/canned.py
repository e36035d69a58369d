"""A DynamoDB that answers from memory through boto3's own code: for measuring us, not an emulator."""

import io
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse

from chalicelib.clients import Clients
from chalicelib.portal import Portal, build
from chalicelib.stage_settings import Secrets, Settings

KEYS = ("pepper", "csrf", "links", "activation", "counting")
Answers = dict[str, Callable[[dict[str, Any]], dict[str, Any]]]
"""What each operation answers, by its name, given the request's JSON."""


class CannedBody(io.BytesIO):
    """A raw HTTP body as botocore reads it."""

    def stream(self, **_: Any) -> Any:
        yield self.read()


class CannedClients(Clients):
    """Clients whose DynamoDB is `answers`; `calls` counts the operations."""

    def __init__(self, answers: Answers) -> None:
        self.calls: Counter[str] = Counter()
        given = {"aws_access_key_id": "bench", "aws_secret_access_key": "bench", "region_name": "eu-west-3"}
        self.dynamodb = boto3.session.Session(**given).client("dynamodb")
        self.dynamodb.meta.events.register_first("before-send.dynamodb.*", self._answer)
        self._answers = answers

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        self.calls[operation] += 1
        body = json.dumps(self._answers[operation](json.loads(request.body))).encode()
        return AWSResponse(request.url, 200, {"Content-Type": "application/x-amz-json-1.0"}, CannedBody(body))


def canned_portal(answers: Answers, **chosen: Any) -> tuple[Portal, CannedClients]:
    """A portal over canned answers; `chosen` are settings."""
    clients = CannedClients(answers)
    texts = dict.fromkeys(KEYS, "11" * 32) | {"paybox_hmac_key": "0123456789ABCDEF" * 8}
    settings = Settings(stage="test", public_url="https://portail.example.org", **chosen)
    return build(settings, Secrets.from_texts(texts), clients=clients), clients
