"""The whole desk as `make run` starts it, for tests that need real HTTP: races, and Chromium."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 120
"""On a machine that does ten other things; it takes a few."""


@dataclass(frozen=True)
class Desk:
    """A running desk: its first port, the file that moves its clock, what it printed when it was ready."""

    port: int
    clock_file: Path
    announced: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mailbox_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 3}"

    @property
    def activation_code(self) -> str:
        code = re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){2}", self.announced)
        assert code, self.announced
        return code[0]

    def environ(self) -> dict[str, str]:
        """For `guichet` and for clients of the emulated AWS."""
        return {**os.environ, "PORT": str(self.port), "PORTAIL_CLOCK_FILE": str(self.clock_file)}

    def move_clock(self, text: str) -> None:
        self.clock_file.write_text(text)


def four_free_ports() -> int:
    """The first of four ports in a row that nobody listens on."""
    for base in range(20000 + os.getpid() % 500 * 8, 32000, 8):
        probes = [socket.socket() for _ in range(4)]
        try:
            for offset, probe in enumerate(probes):
                probe.bind(("127.0.0.1", base + offset))
            return base
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
    raise AssertionError("no four free ports in a row")


def start_desk(folder: Path) -> tuple[subprocess.Popen[bytes], Desk]:
    """Start a desk. Returns its process and what is known of it once `GET /sante` answers 200."""
    port, clock_file, log = four_free_ports(), folder / "horloge", folder / "desk.log"
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PORTAIL_"))}
    environ |= {
        "PORT": str(port),
        "PORTAIL_CAPTCHA_ANSWER": "MIYPP",
        "PORTAIL_CLOCK_EVERY": "0",
        "PORTAIL_CLOCK_FILE": str(clock_file),
    }
    with log.open("wb") as output:
        command = [sys.executable, "-m", "local", "run"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT)
    wait_until_healthy(f"http://127.0.0.1:{port}/sante", process, log)
    return process, Desk(port, clock_file, log.read_text())


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own desk on loopback
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    process.terminate()
    raise AssertionError(f"the desk did not start:\n{log.read_text()}")
