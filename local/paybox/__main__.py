"""`python -m local.paybox --port 8002 --state .local/paybox`: runs the Paybox simulator alone."""

import argparse
import errno
import os
import signal
import threading
from pathlib import Path

from chalicelib.clock import Clock, file_clock, system_clock
from local.pages import PageServer
from local.paybox.contract import Contract
from local.paybox.server import serve_paybox
from local.ports import HOST


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.paybox", description="Le simulateur de Paybox du bureau.")
    parser.add_argument("--port", type=int, required=True, help="port d’écoute sur 127.0.0.1")
    parser.add_argument("--state", type=Path, required=True, help="dossier de sa clé et de ses paiements")
    arguments = parser.parse_args()
    try:
        contract = Contract.from_environ(os.environ)
        server = serve_paybox(
            port=arguments.port, state_dir=arguments.state, contract=contract, clock=clock_of(os.environ)
        )
    except OSError as refused:
        taken = refused.errno == errno.EADDRINUSE
        raise SystemExit(f"Le port {arguments.port} est déjà pris." if taken else str(refused)) from None
    print(f"paybox  simulateur sur http://{HOST}:{server.server_port}/", flush=True)
    serve_until_stopped(server)


def clock_of(environ: os._Environ[str]) -> Clock:
    """Returns the portal's clock: PORTAIL_CLOCK_FILE moves both."""
    moved = environ.get("PORTAIL_CLOCK_FILE")
    return file_clock(Path(moved)) if moved else system_clock


def serve_until_stopped(server: PageServer) -> None:
    """Serve until Ctrl-C or a request to end."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stop.wait()
        server.shutdown()


if __name__ == "__main__":
    main()
