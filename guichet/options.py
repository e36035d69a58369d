"""Shared by the commands: their arguments and options, and the parsers of what an agent types."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from chalicelib.importing import cells
from chalicelib.importing.csv_reader import CellRefused
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, stop
from guichet.french import flag

Value = TypeVar("Value")

DryRun = Annotated[bool, flag("--essai", "Dit ce qui serait fait, sans rien écrire.")]
TableFile = Annotated[
    Path | None,
    typer.Argument(metavar="FICHIER", help="Le fichier CSV à écrire ; sans lui, à l’écran."),
]


def input_file(help_text: str, *, metavar: str = "FICHIER") -> Any:
    """Returns the argument of a file to read, refused when it does not exist."""
    return typer.Argument(metavar=metavar, exists=True, dir_okay=False, readable=True, help=help_text)


def parse_day_option(option: str, cell: str) -> date:
    """Returns the day that an agent typed. Ends the command when it is none."""
    return _parsed(option, cell, cells.day)


def parse_cents_option(option: str, cell: str) -> int:
    """Returns cents from an amount typed in euros. Ends the command when it is none, or not above zero."""
    found = _parsed(option, cell.strip(), cells.cents)
    if found <= 0:
        stop(ExitCode.MISUSE, typeset(f"{option} : montant au-dessus de zéro attendu"))
    return found


def parse_text_option(option: str, text: str, *, longest: int) -> str:
    """Returns the text on one line. Ends the command when it is empty, or has more than `longest` characters."""
    written = " ".join(text.split())
    if not 0 < len(written) <= longest:
        stop(ExitCode.MISUSE, typeset(f"{option} : de 1 à {longest} caractères."))
    return written


def _parsed(option: str, cell: str, parse: Callable[[str], Value]) -> Value:
    try:
        return parse(cell)
    except CellRefused as refused:
        stop(ExitCode.MISUSE, typeset(f"{option} : {refused.reason}"))
