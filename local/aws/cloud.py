"""The emulated AWS as one WSGI application: moto behind a lock, Lambda's Invoke run by us, SES's mails stored."""

import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from chalicelib.clock import system_clock
from local.aws.lambdas import LambdaInvoker
from local.aws.patches import topic_event
from local.mailbox.feedback import events_of
from local.mailbox.postbox import Postbox
from local.mailbox.requests import V2_PATH, SendRequest, parse_ses_v1, parse_ses_v2, received_mail

Environ = dict[str, Any]
INVOKE = re.compile(r"/2015-03-31/functions/(?P<function>[^/]+)/invocations/?")
MAIL_TOPIC = "arn:aws:sns:eu-west-3:123456789012:mail-events"
MESSAGE_ID = re.compile(rb'<MessageId>([^<]+)</MessageId>|"MessageId":\s*"([^"]+)"')


@dataclass(frozen=True)
class Reply:
    """A whole HTTP response, sent after the lock is released."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Cloud:
    """Serves one AWS request at a time, except Lambda's Invoke.

    moto is not thread-safe: conditional writes and counters need one lock around each call. Invoke runs outside the
    lock: a task's own first AWS call would deadlock with the invocation that runs it.
    """

    def __init__(self, emulated: Callable[..., Iterable[bytes]], bridge: LambdaInvoker, postbox: Postbox) -> None:
        self._emulated = emulated
        self._bridge = bridge
        self._postbox = postbox
        self._lock = threading.Lock()

    def answer(self, environ: Environ, body: bytes) -> Reply:
        """Returns the reply to a request whose body was read in full; `wsgi.input` gives that same body."""
        invocation = INVOKE.fullmatch(environ["PATH_INFO"])
        if invocation and environ["REQUEST_METHOD"] == "POST":
            return self._invoke(unquote(invocation["function"]), environ, body)
        with self._lock:
            reply = self._emulate(environ)
        if reply.status.startswith("200"):
            self._store_mail(environ, body, reply)
        return reply

    def _emulate(self, environ: Environ) -> Reply:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], failure: object = None) -> None:
            started.append((status, headers))

        body = b"".join(self._emulated(environ, start_response))
        return Reply(*started[-1], body)

    def _invoke(self, function: str, environ: Environ, payload: bytes) -> Reply:
        if self._bridge.task(function) is None:
            return unknown_function(function)
        if environ.get("HTTP_X_AMZ_INVOCATION_TYPE") == "Event":
            self._bridge.start(function, payload)
            return Reply("202 Accepted", [], b"")
        answer = self._bridge.call(function, payload)
        if answer.outcome == "unknown":
            return unknown_function(function)
        failed = [("X-Amz-Function-Error", "Unhandled")] if answer.outcome == "error" else []
        headers = [("Content-Type", "application/json"), ("X-Amz-Executed-Version", "$LATEST"), *failed]
        return Reply("200 OK", headers, answer.payload)

    def _store_mail(self, environ: Environ, body: bytes, reply: Reply) -> None:
        mail = parse_sent_mail(environ, body)
        message_id = MESSAGE_ID.search(reply.body) if mail else None
        if mail and message_id:
            received = received_mail(mail, (message_id[1] or message_id[2]).decode(), system_clock())
            self._postbox.keep(received)
            for event in events_of(received, mail.tags):
                message = topic_event(json.dumps(event), received.id, topic=MAIL_TOPIC, subscription=MAIL_TOPIC)
                self._bridge.start(self._bridge.function("mail_feedback"), message)


def parse_sent_mail(environ: Environ, body: bytes) -> SendRequest | None:
    """Returns the mail in this request; None unless it is one that SES sends."""
    if environ["REQUEST_METHOD"] != "POST":
        return None
    if environ["PATH_INFO"] == V2_PATH:
        return parse_ses_v2(body)
    return parse_ses_v1(body) if "/ses/aws4_request" in environ.get("HTTP_AUTHORIZATION", "") else None


def unknown_function(function: str) -> Reply:
    description = {"Type": "User", "Message": f"Function not found: {function}"}
    headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", "ResourceNotFoundException")]
    return Reply("404 Not Found", headers, json.dumps(description).encode())
