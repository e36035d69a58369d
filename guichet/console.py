"""What the desk sees: plain lines that can be searched, tables of totals, progress bars; and how a command ends."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from chalicelib.importing.csv_reader import BadLine

out = Console(highlight=False, markup=False, emoji=False)
err = Console(highlight=False, markup=False, emoji=False, stderr=True)


class ExitCode(IntEnum):
    """How a command ends: what its caller reads as the exit code."""

    DONE = 0
    REFUSED = 1
    MISUSE = 2
    PARTLY = 3
    INTERRUPTED = 130


def say(sentence: str) -> None:
    out.print(sentence, soft_wrap=True)


def complain(sentence: str) -> None:
    err.print(sentence, soft_wrap=True)


def stop(end: ExitCode, sentence: str = "") -> NoReturn:
    """Say why, and end the command."""
    if sentence:
        complain(sentence)
    raise typer.Exit(end)


def confirm(question: str, *, cancelled: str) -> None:
    """Go on only after a « oui » typed on a terminal; otherwise say what was not done, and end the command."""
    if not sys.stdin.isatty():
        stop(ExitCode.MISUSE, f"Ajoutez --oui pour confirmer. {cancelled}")
    if input(f"{question} Tapez oui\u00a0: ").strip().casefold() != "oui":
        stop(ExitCode.REFUSED, cancelled)


def show_bad_lines(file: Path, bad_lines: Iterable[BadLine]) -> None:
    """One line each, in the order of the file: « factures.csv, ligne 12, colonne montant : … »."""
    for bad in sorted(bad_lines, key=lambda bad: bad.line):
        column = f", colonne {bad.column}" if bad.column else ""
        complain(f"{file.name}, ligne {bad.line}{column}\u00a0: {bad.reason}")


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
    """A bar on the terminal, nothing in a pipe. Gives a function to be told how many more are done.

    A bar without a `total` only shows that work goes on, and how much was done.
    """
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=err, disable=not err.is_terminal) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)
