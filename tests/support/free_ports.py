"""Free ports, and waiting for what listens on them."""

import socket
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(port, process, seconds=60):
    """Until the process listens on the port."""
    end = time.monotonic() + seconds
    while not listening(port):
        assert time.monotonic() < end, f"nothing listens on {port}"
        assert process.poll() is None, f"what should listen on {port} has ended"
        time.sleep(0.05)


def gone(port, seconds=20):
    """Whether nobody listens on the port any more, waited for."""
    end = time.monotonic() + seconds
    while listening(port) and time.monotonic() < end:
        time.sleep(0.05)
    return not listening(port)
