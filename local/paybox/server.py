"""HTTP server of the Paybox simulator: loopback only, one log line per request, without what was posted."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from chalicelib.clock import Clock
from local.paybox.answers import Answer, PayboxRoutes
from local.paybox.bank import Bank
from local.paybox.contract import Contract
from local.paybox.delivery import deliver
from local.paybox.keys import BankKey
from local.paybox.register import Register

HOST = "127.0.0.1"
MAX_BYTES = 64 * 1024


class PayboxServer(ThreadingHTTPServer):
    """Holds the routes that its handlers serve."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, routes: PayboxRoutes) -> None:
        super().__init__((HOST, port), PayboxHandler)
        self.routes = routes


class PayboxHandler(BaseHTTPRequestHandler):
    """One connection of a browser."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: PayboxServer

    def do_GET(self) -> None:
        self._answer(self.server.routes.get(self._path))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and int(length) <= MAX_BYTES):
            self.close_connection = True
            self._answer(Answer(413))
        else:
            self._answer(self.server.routes.post(self._path, self.rfile.read(int(length))))

    @property
    def _path(self) -> str:
        return urlsplit(self.path).path

    def _answer(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.all_headers().items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        print(f"paybox  {self.command} {self._path} → {answer.status}", flush=True)


def serve_paybox(*, port: int, state_dir: Path, contract: Contract, clock: Clock) -> PayboxServer:
    """Returns the simulator's server, bound; the caller serves it. Port 0 picks a free one.

    `state_dir` stores its key and its payments. Raises OSError when the port is taken.
    """
    bank = Bank(
        contract=contract,
        key=BankKey(state_dir),
        register=Register(state_dir / "payments"),
        clock=clock,
        deliver=deliver,
    )
    return PayboxServer(port, PayboxRoutes(bank))
