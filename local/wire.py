"""HTTP request bodies and replies of the local web server: Content-Length checks, gzip."""

import contextlib
import gzip
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

MAX_BODY = 10_000_000
"""API Gateway's limit, in bytes."""

MAX_LENGTH_DIGITS = 12
GZIP_FROM = 1024
COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml")

FEW_THREADS = 16
BODY_TIMEOUT_SECONDS = 0.6
BUSY_BODY_TIMEOUT_SECONDS = 5.0
"""Seconds that a body may stall: with few threads its Content-Length is wrong, with many it may only be late."""

DRAIN_SECONDS = 0.5
DRAIN_LIMIT = 64_000_000
CHUNK = 65_536


class BodyRefused(Exception):
    """A refused body; `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Body:
    """The rest of a request on its connection."""

    source: BinaryIO
    connection: socket.socket

    def read(self, length: int) -> bytes:
        """Returns exactly `length` bytes. Raises BodyRefused when fewer come."""
        usual = self.connection.gettimeout()
        alone = threading.active_count() < FEW_THREADS
        self.connection.settimeout(BODY_TIMEOUT_SECONDS if alone else BUSY_BODY_TIMEOUT_SECONDS)
        try:
            content = self.source.read(length)
        except TimeoutError as stalled:
            raise BodyRefused(400) from stalled
        finally:
            self.connection.settimeout(usual)
        if len(content) < length:
            raise BodyRefused(400)
        return content

    def drain(self, answer: BinaryIO) -> None:
        """Flush the answer, then read the rest: closing with unread bytes would reset the connection."""
        with contextlib.suppress(OSError):
            answer.flush()
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(DRAIN_SECONDS)
            left = DRAIN_LIMIT
            while left > 0 and (dropped := self.connection.recv(CHUNK)):
                left -= len(dropped)


def read_body(method: str, headers: Any, body: Body) -> bytes:
    """Returns the body. Raises BodyRefused: 411 without a length, 400 with a wrong one, 413 above 10 MB."""
    lengths = {length.strip() for length in headers.get_all("Content-Length", ())}
    if "Transfer-Encoding" in headers:
        raise BodyRefused(411)
    if not lengths:
        if method in ("POST", "PUT", "PATCH"):
            raise BodyRefused(411)
        return b""
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit()):
        raise BodyRefused(400)
    if len(length) > MAX_LENGTH_DIGITS or int(length) > MAX_BODY:
        raise BodyRefused(413)
    return body.read(int(length))


@dataclass(frozen=True)
class Reply:
    """An answer ready to be sent; its length is written with it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def compressed(self, accepted: str) -> "Reply":
        """Returns the reply in gzip if the client accepts it, from 1 KB on, as API Gateway does."""
        kind = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        if len(self.body) < GZIP_FROM or not kind.startswith(COMPRESSIBLE):
            return self
        varying = (*self.headers, ("Vary", "Accept-Encoding"))
        if not takes_gzip(accepted):
            return replace(self, headers=varying)
        return replace(
            self, headers=(*varying, ("Content-Encoding", "gzip")), body=gzip.compress(self.body, 6, mtime=0)
        )


def takes_gzip(accepted: str) -> bool:
    """Returns whether Accept-Encoding accepts gzip: « gzip, br » and « * » do; « gzip;q=0 » does not."""
    offers = (offer.replace(" ", "").lower().partition(";q=") for offer in accepted.split(","))
    taken = {name: not weight or weight.strip("0.") != "" for name, _, weight in offers}
    return taken.get("gzip", taken.get("*", False))


def reply_of(answer: Mapping[str, Any]) -> Reply:
    """Returns the reply of a Lambda proxy response: a body as text or bytes, headers with one value or many."""
    body = answer.get("body") or b""
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    headers += [
        (name, str(value)) for name, values in (answer.get("multiValueHeaders") or {}).items() for value in values
    ]
    return Reply(int(answer["statusCode"]), tuple(headers), body if isinstance(body, bytes) else body.encode())
