"""The emulated AWS as one WSGI application: moto, made atomic, with Lambda led to our handlers and mails kept aside."""

import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from chalicelib.clock import system_clock
from local.aws.lambdas import Bridge
from local.mailbox.postbox import Postbox
from local.mailbox.requests import V2_PATH, Sending, read_v1, read_v2, received

Environ = dict[str, Any]
INVOKE = re.compile(r"/2015-03-31/functions/(?P<function>[^/]+)/invocations/?")
MESSAGE_ID = re.compile(rb'<MessageId>([^<]+)</MessageId>|"MessageId":\s*"([^"]+)"')


@dataclass(frozen=True)
class Reply:
    """A whole HTTP answer, ready to be sent once no lock is held."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Cloud:
    """Serves one AWS request at a time, as a whole, but for Lambda's Invoke.

    moto is not atomic under threads: conditions and counters are only true with one lock around each call. Invoke is
    outside of it, or a task's own first AWS call would wait for ever for the invocation that runs it.
    """

    def __init__(self, emulated: Callable[..., Iterable[bytes]], bridge: Bridge, postbox: Postbox) -> None:
        self._emulated = emulated
        self._bridge = bridge
        self._postbox = postbox
        self._lock = threading.Lock()

    def answer(self, environ: Environ, body: bytes) -> Reply:
        """Answer a request whose body was read in full; `wsgi.input` gives that same body."""
        invoked = INVOKE.fullmatch(environ["PATH_INFO"])
        if invoked and environ["REQUEST_METHOD"] == "POST":
            return self._invoke(unquote(invoked["function"]), environ, body)
        with self._lock:
            reply = self._emulate(environ)
        if reply.status.startswith("200"):
            self._keep_mail(environ, body, reply)
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

    def _keep_mail(self, environ: Environ, body: bytes, reply: Reply) -> None:
        sending = sending_of(environ, body)
        found = MESSAGE_ID.search(reply.body) if sending else None
        if sending and found:
            self._postbox.keep(received(sending, (found[1] or found[2]).decode(), system_clock()))


def sending_of(environ: Environ, body: bytes) -> Sending | None:
    """The mail in this request, if it is one to SES that sends."""
    if environ["REQUEST_METHOD"] != "POST":
        return None
    if environ["PATH_INFO"] == V2_PATH:
        return read_v2(body)
    return read_v1(body) if "/ses/aws4_request" in environ.get("HTTP_AUTHORIZATION", "") else None


def unknown_function(function: str) -> Reply:
    description = {"Type": "User", "Message": f"Function not found: {function}"}
    headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", "ResourceNotFoundException")]
    return Reply("404 Not Found", headers, json.dumps(description).encode())
