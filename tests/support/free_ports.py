"""Free ports, and waiting for what listens on them."""

import socket
import subprocess
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(port: int, process: subprocess.Popen[Any], seconds: float = 60) -> None:
    """Until the process listens on the port."""
    end = time.monotonic() + seconds
    while not listening(port):
        assert time.monotonic() < end, f"nothing listens on {port}"
        assert process.poll() is None, f"what should listen on {port} has ended"
        time.sleep(0.05)


def gone(port: int, seconds: float = 20) -> bool:
    """Whether nobody listens on the port any more, waited for."""
    end = time.monotonic() + seconds
    while listening(port) and time.monotonic() < end:
        time.sleep(0.05)
    return not listening(port)
