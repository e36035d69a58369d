"""Shared by the commands: their arguments and options, and the parsers of what an agent types."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from chalicelib.importing import cells
from chalicelib.importing.rows import CellRefused
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, stop
from guichet.french import flag

Value = TypeVar("Value")

DryRun = Annotated[bool, flag("--essai", "Dit ce qui serait fait, sans rien écrire.")]
PdfFile = Annotated[
    Path, typer.Option("--sortie", metavar="FICHIER", help="Le PDF à écrire ; un fichier déjà là n’est pas remplacé.")
]
ANY_CASE = "en majuscules ou en minuscules, avec ou sans tirets"
"""How the reference of a card payment may be typed: see `canonical_reference`."""

Sure = Annotated[bool, flag("--oui", "Sans le demander sur un terminal.")]
TableFile = Annotated[
    Path | None,
    typer.Argument(metavar="FICHIER", help="Le fichier CSV à écrire ; sans lui, à l’écran."),
]


def input_file(help_text: str, *, metavar: str = "FICHIER") -> Any:
    """Returns the argument of a file to read, refused when it does not exist."""
    return typer.Argument(metavar=metavar, exists=True, dir_okay=False, readable=True, help=help_text)


def distinct(argument: str, typed: Iterable[str]) -> list[str]:
    """Returns what an agent typed several of, each once, in its order. Ends the command when all of it is blank."""
    found = [one for one in dict.fromkeys(text.strip() for text in typed) if one]
    if not found:
        stop(ExitCode.MISUSE, typeset(f"Il manque {argument}."))
    return found


def parse_day_option(option: str, cell: str) -> date:
    """Returns the day that an agent typed. Ends the command when it is none."""
    return parsed_option(option, cell, cells.day)


def parse_cents_option(option: str, cell: str) -> int:
    """Returns cents from an amount typed in euros. Ends the command when it is none, or not above zero."""
    found = parsed_option(option, cell.strip(), cells.cents)
    if found <= 0:
        stop(ExitCode.MISUSE, typeset(f"{option} : montant au-dessus de zéro attendu"))
    return found


def parse_counted_cents(option: str, cell: str) -> int:
    """Returns cents from an amount that was counted, which may be nothing. Ends the command when it is below zero."""
    found = parsed_option(option, cell.strip(), cells.cents)
    if found < 0:
        stop(ExitCode.MISUSE, typeset(f"{option} : un montant compté est de zéro ou plus"))
    return found


def parse_number(option: str, cell: str) -> int:
    """Returns a whole number above zero that an agent typed. Ends the command when it is none."""
    typed = cell.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9 and int(typed)):
        stop(ExitCode.MISUSE, typeset(f"{option} : un nombre entier est attendu, comme 12."))
    return int(typed)


def parse_text_option(option: str, text: str, *, longest: int) -> str:
    """Returns the text on one line. Ends the command when it is empty, or has more than `longest` characters."""
    written = " ".join(text.split())
    if not 0 < len(written) <= longest:
        stop(ExitCode.MISUSE, typeset(f"{option} : de 1 à {longest} caractères."))
    return written


def parsed_option(option: str, cell: str, parse: Callable[[str], Value]) -> Value:
    """Returns what a parser of a file's cells makes of an option. Ends the command when it refuses it."""
    try:
        return parse(cell)
    except CellRefused as refused:
        stop(ExitCode.MISUSE, typeset(f"{option} : {refused.reason}"))
