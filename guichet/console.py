"""Console output of the command: lines, tables of totals, progress bars, confirmation, exit codes."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from chalicelib.formats import thousands
from chalicelib.importing.rows import BadLine

LINE_SECONDS = 60.0

out = Console(highlight=False, markup=False, emoji=False)
err = Console(highlight=False, markup=False, emoji=False, stderr=True)


class ExitCode(IntEnum):
    """Exit codes of the command. PARTLY: done but for some lines."""

    DONE = 0
    REFUSED = 1
    MISUSE = 2
    PARTLY = 3
    INTERRUPTED = 130


def say(sentence: str) -> None:
    """Print one line on standard output, never wrapped: a pipe can be searched."""
    out.print(sentence, soft_wrap=True)


def warn(sentence: str) -> None:
    """Print one line on standard error, never wrapped."""
    err.print(sentence, soft_wrap=True)


def stop(exit_code: ExitCode, sentence: str = "") -> NoReturn:
    """Print why on standard error, and end the command with this exit code."""
    if sentence:
        warn(sentence)
    raise typer.Exit(exit_code)


def confirm(question: str, *, cancelled: str) -> None:
    """Return only after a « oui » typed on a terminal; otherwise print `cancelled` and end the command."""
    if not sys.stdin.isatty():
        stop(ExitCode.MISUSE, f"Ajoutez --oui pour confirmer. {cancelled}")
    if input(f"{question} Tapez oui\u00a0: ").strip().casefold() != "oui":
        stop(ExitCode.REFUSED, cancelled)


def confirm_on_terminal(question: str, *, sure: bool, cancelled: str) -> None:
    """Ask once on a terminal, unless the agent is `sure`; elsewhere nobody could answer. Ends the command on no."""
    if sys.stdin.isatty() and not sure:
        confirm(question, cancelled=cancelled)


def show_bad_lines(file: Path, bad_lines: Iterable[BadLine]) -> None:
    """One line each, in the order of the file: « factures.csv, ligne 12, colonne montant : … »."""
    for bad in sorted(bad_lines, key=lambda bad: bad.line):
        column = f", colonne {bad.column}" if bad.column else ""
        warn(f"{file.name}, ligne {bad.line}{column}\u00a0: {bad.reason}")


def show_totals(title: str, rows: Iterable[tuple[str, ...]]) -> None:
    """A small table: a label, then figures to the right."""
    table = Table(title=title, title_justify="left", show_header=False, box=None, pad_edge=False)
    for cells in rows:
        for number in range(len(table.columns), len(cells)):
            table.add_column(justify="right" if number else "left", no_wrap=True)
        table.add_row(*cells)
    out.print(table)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Progress bar on a terminal, a line a minute elsewhere. Yields a function that takes how many more are done.

    Without a `total` the bar only shows that work goes on, and how much was done. A sign turns from the first second.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    if not err.is_terminal:
        yield _LineAMinute(label, total)
        return
    with Progress(*columns, console=err) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)


class _LineAMinute:
    """Says on standard error how far long work is, at most once a minute: a log must not look dead."""

    def __init__(self, label: str, total: int | None) -> None:
        self._label, self._total, self._done = label, total, 0
        self._said_at = time.monotonic()

    def __call__(self, done: int) -> None:
        self._done += done
        if time.monotonic() - self._said_at >= LINE_SECONDS:
            self._said_at = time.monotonic()
            of = f" sur {thousands(self._total)}" if self._total else ""
            warn(f"{self._label}\u00a0: {thousands(self._done)}{of}")
