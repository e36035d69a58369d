"""HTTP server of the mailbox: GET and HEAD on loopback."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from local.mailbox.answers import Mailbox
from local.mailbox.postbox import Postbox

HOST = "127.0.0.1"


class MailboxServer(ThreadingHTTPServer):
    """Holds the mailbox that its handlers read."""

    daemon_threads = True

    def __init__(self, port: int, mailbox: Mailbox) -> None:
        super().__init__((HOST, port), MailboxHandler)
        self.mailbox = mailbox


class MailboxHandler(BaseHTTPRequestHandler):
    """One connection of a browser."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: MailboxServer

    def do_GET(self) -> None:
        answer = self.server.mailbox.get(urlsplit(self.path).path)
        self.send_response_only(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Does nothing: only the portal's own log is shown."""


def serve_mailbox(port: int, postbox: Postbox | None) -> MailboxServer:
    """Returns the mailbox's server, bound; the caller serves it. Port 0 picks a free one."""
    return MailboxServer(port, Mailbox(postbox))
