"""Reverse proxy of a rehearsal: forwards the public port to the emulated API Gateway, by host name."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from local.ports import HOST

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length", "date", "server"}


@contextmanager
def public_address(port: int, *, gateway: int, api: str) -> Iterator[None]:
    """Forward each request on `port` to the emulator's `gateway` port, with the host name of the API."""

    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connection = http.client.HTTPConnection(HOST, gateway, timeout=60)
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", f"{api}.execute-api.localhost:{gateway}")
            for name, value in self.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            self.answer(connection.getresponse())

        def answer(self, answered: http.client.HTTPResponse) -> None:
            content = answered.read()
            self.send_response_only(answered.status)
            for name, value in answered.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = forward  # noqa: N815 - the names that the server looks for

        def log_message(self, format: str, *arguments: object) -> None:
            """Does nothing: the checks report what they requested."""

    server = ThreadingHTTPServer((HOST, port), Front)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
