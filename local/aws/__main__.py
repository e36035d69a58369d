"""`python -m local.aws --port 8001 --mailbox-port 8003`: starts the emulated AWS and its mailbox, in memory."""

import argparse
import threading

from infrastructure.template import APP_NAME
from local.aws.lambdas import LambdaInvoker, WorkerPool
from local.aws.schedules import run_schedules
from local.aws.server import make_server
from local.mailbox.postbox import Postbox
from local.mailbox.server import serve_mailbox


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.aws", description="AWS simulé, en mémoire.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--mailbox-port", type=int, required=True)
    parser.add_argument("--stage", default="local")
    parser.add_argument("--tick", type=float, default=0.0, help="seconds between two runs of the scheduled tasks")
    chosen = parser.parse_args()
    postbox = Postbox()
    bridge = LambdaInvoker(f"{APP_NAME}-{chosen.stage}", WorkerPool())
    server = make_server(chosen.port, bridge, postbox)
    mailbox = serve_mailbox(chosen.mailbox_port, postbox)
    threading.Thread(target=mailbox.serve_forever, daemon=True).start()
    if chosen.tick:
        threading.Thread(target=run_schedules, args=(bridge, chosen.stage, chosen.tick), daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
