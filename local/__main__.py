"""`python -m local run`: the portal and all it needs on one's desk; `python -m local cloud`: all but the portal."""

import argparse
import os
import resource
import signal
import sys
import threading
import time

from local.ports import DeskRefused, Ports
from local.start import run_cloud, run_portal

MANY_FILES = 16_384


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local", description="Le Portail Famille sur son bureau.")
    parser.add_argument("what", choices=("run", "cloud"), help="tout, ou tout sauf le portail")
    what = parser.parse_args().what
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT too: it is ignored behind « & »
        signal.signal(stop, leave)
    let_crowds_in()
    if "MAKELEVEL" in os.environ:
        threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    try:
        ports = Ports.from_mapping(os.environ)
        (run_portal if what == "run" else run_cloud)(ports)
    except DeskRefused as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        print("\nArrêté.", flush=True)


def let_crowds_in() -> None:
    """As many open files as the system lets us have: a terminal's usual 1,024 are 500 visitors."""
    limit, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY_FILES if most == resource.RLIM_INFINITY else min(MANY_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limit, wanted), most))


def leave(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def end_with(parent: int) -> None:
    """Stop when `make` is gone: killed, it takes nobody along."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
