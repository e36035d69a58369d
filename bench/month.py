"""A town's month on one desk, from its billing file to every letterbox (figure 11): `python -m bench.month [FAMILIES]`.

The desk is the one of `make run`, and the commands are those that an agent types once the families are known. The floor
is the same mailing with AWS answered from memory, on two processors: the rest is the emulated AWS, and waiting.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import PIPE, run

from bench.mailing import apart
from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris
from tests.support.local_portal import Desk, start_desk

FAMILIES = 5220
"""Those of a town that sends 4,100 invoices a month."""

MONTH = 300.0
"""Seconds that a whole month may take."""

FLOOR = 1_000
PROCESSORS = 2


class WorkerMemory(threading.Thread):
    """The memory (MiB) of the largest Lambda worker, looked at each second until `over` is set."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(1.0):
            sizes = [resident(Path(folder)) for folder in Path("/proc").glob("[0-9]*")]
            self.seen.append(max(sizes))

    @property
    def growth(self) -> float:
        """The largest worker of the second half of the time over that of the first."""
        half = len(self.seen) // 2
        return max(self.seen[half:]) / max(self.seen[:half])


def resident(process: Path) -> float:
    """What a worker holds in memory (MiB), and nothing for any other program."""
    try:
        if b"local.aws.worker" not in (process / "cmdline").read_bytes():
            return 0.0
        pages = int((process / "statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 2**20


def typed(desk: Desk, *words: str) -> tuple[float, str]:
    """Seconds that a command took, and what it said. Raises CalledProcessError when it refused."""
    started = time.monotonic()
    said = run([sys.executable, "-m", *words], env=desk.environ(), check=True, stdout=PIPE, text=True).stdout
    return time.monotonic() - started, said


def month(desk: Desk, billing: Path) -> dict[str, float]:
    """The seconds of each command; prints how the run ended."""
    imported, said = typed(desk, "guichet", "campagnes", "deposer", str(billing))
    name = run_named(said.split())
    published, _ = typed(desk, "guichet", "campagnes", "publier", name, "--le", f"{day_in_paris(system_clock())}")
    pressed, _ = typed(desk, "guichet", "envois", "lancer", "--maintenant")
    mailed, ended = typed(desk, "guichet", "envois", "suivre", name)
    print(ended)
    return {"imported": imported, "published": published, "pressed": pressed, "mailed": mailed}


def run_named(words: Sequence[str]) -> str:
    """« Campagne 2026-10-3f9a1c2b04, à contrôler » → its name."""
    return words[words.index("Campagne") + 1].rstrip(",")


def settled_town(desk: Desk, folder: Path, families: int) -> Path:
    """Make a town, import its families, and answer its billing file."""
    town = ("--families", str(families), "--months", "1", "--seed", "1", "--out", str(folder))
    billing = Path(typed(desk, "local.town", *town)[1].split()[-1])
    typed(desk, "guichet", "familles", "importer", str(folder / "comptes.csv"), str(folder / "enfants.csv"))
    return billing


def invoices_in(billing: Path) -> int:
    with billing.open(encoding="utf-8") as lines:
        return len({line.partition(";")[0] for line in lines}) - 1


def main() -> None:
    families = int(sys.argv[1]) if len(sys.argv) > 1 else FAMILIES
    memory = WorkerMemory()
    with tempfile.TemporaryDirectory() as folder:
        process, desk = start_desk(Path(folder))
        try:
            billing = settled_town(desk, Path(folder) / "town", families)
            memory.start()
            steps = month(desk, billing)
        finally:
            memory.over.set()
            process.terminate()
            process.wait()
        invoices = invoices_in(billing)
    whole = sum(steps.values())
    floor = apart(FLOOR)["cpu"] / 1000 * invoices / PROCESSORS
    parts = ", ".join(f"{name} in {seconds:.0f} s" for name, seconds in steps.items())
    print(f"11 {invoices} invoices in {whole:.0f} s (< {MONTH:.0f}), {whole / floor:.1f} × the floor: {parts}")
    print(f"   the largest worker: {max(memory.seen):.0f} MiB, second half over first {memory.growth:.3f}")


if __name__ == "__main__":
    main()
