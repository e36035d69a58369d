"""Child processes of the local stack: started so that they exit with their parent, watched, stopped together."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable

from local.ports import LocalStackError, listening

READY_SECONDS = 60.0
PAUSE_SECONDS = 0.02
STOP_SECONDS = 5.0


class Processes:
    """Context manager that stops every program started in it, however it is left."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self.ended = ""

    def __enter__(self) -> "Processes":
        return self

    def start(self, name: str, module: str, *arguments: str) -> None:
        """Run `python -m module arguments`, called `name` in messages, in its own session: Ctrl-C reaches only us."""
        command = [sys.executable, "-m", "local.child_process", module, *arguments]
        self.running[name] = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)

    def wait_until_listening(self, name: str, port: int) -> None:
        """Raises LocalStackError when the program ends, or still does not listen after a minute."""
        end = time.monotonic() + READY_SECONDS
        while not listening(port):
            if self.running[name].poll() is not None or time.monotonic() > end:
                raise LocalStackError(f"« {name} » n’a pas démarré : ses messages sont ci-dessus.")
            time.sleep(PAUSE_SECONDS)

    def watch(self, ended: Callable[[str], None]) -> None:
        """Call `ended` with the name of the first program that ends by itself, and set `self.ended` to it."""

        def look(name: str, process: subprocess.Popen[bytes]) -> None:
            process.wait()
            if not self._stopping.is_set() and not self.ended:
                self.ended = name
                ended(name)

        for one in self.running.items():
            threading.Thread(target=look, args=one, daemon=True).start()

    def __exit__(self, *raised: object) -> None:
        self._stopping.set()
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
