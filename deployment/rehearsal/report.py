"""Report of a rehearsal: each check, its result or failure, and its duration."""

import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

Check = Callable[[], str]
MAX_SEEN_LENGTH = 160
"""Characters of a result in the table; a failure is printed in full above it."""


class CheckFailed(Exception):
    """A check failed; what it saw."""


@dataclass
class Report:
    """Runs checks one after the other, and goes on after a failure."""

    console: Console = field(default_factory=lambda: Console(width=150))
    rows: list[tuple[bool, str, str, float]] = field(default_factory=list)

    def check(self, title: str, check: Check) -> None:
        """Run a check and record its result, or why it failed."""
        start = time.monotonic()
        try:
            passed, seen = True, check()
        except Exception as failure:
            passed, seen = False, f"{type(failure).__name__}: {failure}"
        self.rows.append((passed, title, textwrap.shorten(seen, MAX_SEEN_LENGTH), time.monotonic() - start))
        self.console.print(f"{'ok' if passed else 'FAILED'}: {title}", markup=False, highlight=False)
        if not passed:
            self.console.print(seen, markup=False, highlight=False)

    @property
    def passed(self) -> bool:
        """Returns whether every check passed, and there was at least one."""
        return bool(self.rows) and all(passed for passed, *_ in self.rows)

    def show(self) -> None:
        """Print the table, and the counts of passed and failed checks."""
        table = Table("", "check", "seen", "s", title="Rehearsal")
        for passed, title, seen, seconds in self.rows:
            style = "" if passed else "bold red"
            table.add_row("ok" if passed else "FAILED", title, seen, f"{seconds:.1f}", style=style)
        self.console.print(table)
        passed_count = sum(passed for passed, *_ in self.rows)
        self.console.print(f"{passed_count} passed, {len(self.rows) - passed_count} failed")


def require(truth: object, seen: object) -> None:
    """Raises CheckFailed with `seen` unless `truth` holds."""
    if not truth:
        raise CheckFailed(str(seen))
