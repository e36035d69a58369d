"""Benchmark of a town's whole month on one machine (figure 11): `python -m bench.month [FAMILIES]`.

Runs the commands of an agent on the local stack of `make run`, from the billing file to the last mail. The floor is the
same mailing with AWS stubbed in memory, on two processors: the rest is the emulated AWS, and waiting.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path
from subprocess import PIPE, run

from bench.mailing import measure_in_subprocess
from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris
from tests.support.local_portal import Desk, start_desk

FAMILIES = 5220
"""Families of a town that sends 4,100 invoices a month."""

MONTH = 300.0
"""Seconds that a whole month may take."""

FLOOR = 1_000
PROCESSORS = 2


class WorkerMemory(threading.Thread):
    """Samples the memory (MiB) of the largest Lambda worker each second, until `over` is set."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(1.0):
            sizes = [worker_memory(Path(folder)) for folder in Path("/proc").glob("[0-9]*")]
            self.seen.append(max(sizes))

    @property
    def growth(self) -> float:
        """Returns the largest worker of the second half of the samples over that of the first."""
        half = len(self.seen) // 2
        return max(self.seen[half:]) / max(self.seen[:half])


def worker_memory(process: Path) -> float:
    """Returns a worker's resident memory (MiB); 0 for any other program."""
    try:
        if b"local.aws.worker" not in (process / "cmdline").read_bytes():
            return 0.0
        pages = int((process / "statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 2**20


def timed_command(stack: Desk, *words: str) -> tuple[float, str]:
    """Returns the seconds that a command took, and its output. Raises CalledProcessError when it fails."""
    started = time.monotonic()
    output = run([sys.executable, "-m", *words], env=stack.environ(), check=True, stdout=PIPE, text=True).stdout
    return time.monotonic() - started, output


def time_month(stack: Desk, billing: Path) -> dict[str, float]:
    """Returns the seconds of each command; prints the run's report."""
    imported, output = timed_command(stack, "guichet", "campagnes", "deposer", str(billing))
    name = output.split("Campagne ")[1].partition(",")[0]  # « Campagne 2026-10-3f9a1c2b04, à contrôler »
    published, _ = timed_command(
        stack, "guichet", "campagnes", "publier", name, "--le", f"{day_in_paris(system_clock())}"
    )
    started, _ = timed_command(stack, "guichet", "envois", "lancer", "--maintenant")
    mailed, ended = timed_command(stack, "guichet", "envois", "suivre", name)
    print(ended)
    return {"imported": imported, "published": published, "started": started, "mailed": mailed}


def import_town(stack: Desk, folder: Path, families: int) -> Path:
    """Generate a town and import its families. Returns its billing file."""
    town = ("--families", str(families), "--months", "1", "--seed", "1", "--out", str(folder))
    billing = Path(timed_command(stack, "local.town", *town)[1].split()[-1])
    timed_command(stack, "guichet", "familles", "importer", str(folder / "comptes.csv"), str(folder / "enfants.csv"))
    return billing


def invoices_in(billing: Path) -> int:
    with billing.open(encoding="utf-8") as lines:
        return len({line.partition(";")[0] for line in lines}) - 1


def main() -> None:
    families = int(sys.argv[1]) if len(sys.argv) > 1 else FAMILIES
    memory = WorkerMemory()
    with tempfile.TemporaryDirectory() as folder:
        process, stack = start_desk(Path(folder))
        try:
            billing = import_town(stack, Path(folder) / "town", families)
            memory.start()
            steps = time_month(stack, billing)
        finally:
            memory.over.set()
            process.terminate()
            process.wait()
        invoices = invoices_in(billing)
    whole = sum(steps.values())
    floor = measure_in_subprocess(FLOOR)["cpu"] / 1000 * invoices / PROCESSORS
    parts = ", ".join(f"{name} in {seconds:.0f} s" for name, seconds in steps.items())
    print(f"11 {invoices} invoices in {whole:.0f} s (< {MONTH:.0f}), {whole / floor:.1f} × the floor: {parts}")
    print(f"   the largest worker: {max(memory.seen):.0f} MiB, second half over first {memory.growth:.3f}")


if __name__ == "__main__":
    main()
