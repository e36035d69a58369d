"""`python -m local.aws --port 8001 --mailbox-port 8003`: the emulated AWS and its mailbox, all in memory."""

import argparse
import threading

from infrastructure.template import APP_NAME
from local.aws.lambdas import Bridge, Pool
from local.aws.schedules import tick
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
    bridge = Bridge(f"{APP_NAME}-{chosen.stage}", Pool())
    server = make_server(chosen.port, bridge, postbox)
    mailbox = serve_mailbox(chosen.mailbox_port, postbox)
    threading.Thread(target=mailbox.serve_forever, daemon=True).start()
    if chosen.tick:
        threading.Thread(target=tick, args=(bridge, chosen.stage, chosen.tick), daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
