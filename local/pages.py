"""What the mailbox and the fake Paybox share: templates of a folder, answers, and a web server on loopback."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local.ports import HOST


@dataclass(frozen=True)
class Answer:
    """A status, a body and its type; `headers` are added to those of every answer."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def page_templates(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class PageHandler(BaseHTTPRequestHandler):
    """One connection of a browser: GET and HEAD. `common_headers` are those of every answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    common_headers: ClassVar[Mapping[str, str]] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    server: "PageServer"

    def do_GET(self) -> None:
        self.send(self.server.routes.get(self.route))

    def do_HEAD(self) -> None:
        self.do_GET()

    @property
    def route(self) -> str:
        return urlsplit(self.path).path

    def send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        own = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        for name, value in {**self.common_headers, **own, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


class PageServer(ThreadingHTTPServer):
    """A server bound on loopback, for the caller to serve; port 0 picks a free one. `routes.get(path)` answers.

    Raises OSError when the port is taken.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, routes: Any, handler: type[PageHandler]) -> None:
        super().__init__((HOST, port), handler)
        self.routes = routes
