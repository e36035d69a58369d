"""The table that a rehearsal ends with: each check, what was seen, and how long it took."""

import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

Check = Callable[[], str]
SEEN_MOST = 160
"""What of an answer the table shows; a failure is printed whole above it."""


class Failed(Exception):
    """A check saw something else than it must; what it saw."""


@dataclass
class Report:
    """Checks are run one after the other; one that fails does not keep the next from being tried."""

    console: Console = field(default_factory=lambda: Console(width=150))
    rows: list[tuple[bool, str, str, float]] = field(default_factory=list)

    def check(self, title: str, check: Check) -> None:
        """Run a check and note what it answers, or why it failed."""
        start = time.monotonic()
        try:
            passed, seen = True, check()
        except Exception as failure:
            passed, seen = False, f"{type(failure).__name__}: {failure}"
        self.rows.append((passed, title, textwrap.shorten(seen, SEEN_MOST), time.monotonic() - start))
        self.console.print(f"{'ok' if passed else 'FAILED'}: {title}", markup=False, highlight=False)
        if not passed:
            self.console.print(seen, markup=False, highlight=False)

    @property
    def passed(self) -> bool:
        """Whether every check passed, and there was at least one."""
        return bool(self.rows) and all(passed for passed, *_ in self.rows)

    def show(self) -> None:
        """Print the table, and the line that counts."""
        table = Table("", "check", "seen", "s", title="Rehearsal")
        for passed, title, seen, seconds in self.rows:
            style = "" if passed else "bold red"
            table.add_row("ok" if passed else "FAILED", title, seen, f"{seconds:.1f}", style=style)
        self.console.print(table)
        passed_count = sum(passed for passed, *_ in self.rows)
        self.console.print(f"{passed_count} passed, {len(self.rows) - passed_count} failed")


def require(truth: object, seen: object) -> None:
    """Raise Failed with what was seen unless it is so."""
    if not truth:
        raise Failed(str(seen))
