"""Starts the local stack: `python -m local run` everything, `python -m local cloud` all but the portal."""

import argparse
import os
import resource
import signal
import sys
import threading
import time

from local.ports import LocalStackError, Ports
from local.start import run_cloud, run_portal

OPEN_FILES = 16_384


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local", description="Le Portail Famille sur son bureau.")
    parser.add_argument("what", choices=("run", "cloud"), help="tout, ou tout sauf le portail")
    what = parser.parse_args().what
    for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT too: it is ignored behind « & »
        signal.signal(stop, interrupt)
    raise_open_file_limit()
    if "MAKELEVEL" in os.environ:
        threading.Thread(target=stop_when_parent_ends, args=(os.getppid(),), daemon=True).start()
    try:
        ports = Ports.from_mapping(os.environ)
        (run_portal if what == "run" else run_cloud)(ports)
    except LocalStackError as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        print("\nArrêté.", flush=True)


def raise_open_file_limit() -> None:
    """Raise the limit of open files: a terminal's usual 1,024 are enough for 500 visitors only."""
    limit, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limit, wanted), most))


def interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def stop_when_parent_ends(parent: int) -> None:
    """Send ourselves SIGTERM once `make` has ended: killed, it does not stop its children."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
