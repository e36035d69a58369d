"""HTTP server of the Paybox simulator: loopback only, one log line per request, without what was posted."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from chalicelib.clock import Clock
from local.pages import Answer, PageHandler, PageServer
from local.paybox.answers import POLICY, PayboxRoutes
from local.paybox.bank import Bank
from local.paybox.contract import Contract
from local.paybox.delivery import deliver
from local.paybox.keys import BankKey
from local.paybox.register import Register

MAX_BYTES = 64 * 1024


class PayboxHandler(PageHandler):
    """One connection of a browser."""

    common_headers: ClassVar[Mapping[str, str]] = {**PageHandler.common_headers, "Content-Security-Policy": POLICY}

    def do_POST(self) -> None:  # noqa: N802 - the name that the server looks for
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and int(length) <= MAX_BYTES):
            self.close_connection = True
            self.send(Answer(413))
        else:
            self.send(self.server.routes.post(self.route, self.rfile.read(int(length))))

    def send(self, answer: Answer) -> None:
        super().send(answer)
        print(f"paybox  {self.command} {self.route} → {answer.status}", flush=True)


def serve_paybox(*, port: int, state_dir: Path, contract: Contract, clock: Clock) -> PageServer:
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
    return PageServer(port, PayboxRoutes(bank), PayboxHandler)
