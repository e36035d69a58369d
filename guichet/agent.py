"""Name of the acting agent, for the journal: the caller's AWS identity, or `--agent` on a local or test stage."""

import getpass
from collections.abc import Sequence

import boto3

from chalicelib import portal
from chalicelib.stage_settings import REHEARSAL_STAGES
from guichet.console import ExitCode, stop

OPTION = "--agent"
_name = ""


def move_option_first(arguments: Sequence[str]) -> list[str]:
    """Returns the command line with `--agent NOM` moved first: Typer takes a global option only before the command."""
    rest, option = list(arguments), list[str]()
    for position, argument in enumerate(arguments):
        if argument == OPTION and position + 1 < len(arguments):
            option = list(arguments[position : position + 2])
            rest = [*arguments[:position], *arguments[position + 2 :]]
        elif argument.startswith(f"{OPTION}="):
            option, rest = [argument], [*arguments[:position], *arguments[position + 1 :]]
    return option + rest


def set_name(name: str) -> None:
    """Keep the name given on the command line."""
    global _name
    _name = name.strip()


def acting() -> str:
    """Returns the name that the journal will show. Ends the command when `--agent` is given on a real stage."""
    if portal.current().settings.stage not in REHEARSAL_STAGES:
        if _name:
            stop(
                ExitCode.MISUSE,
                "--agent ne sert qu’au poste de travail\u00a0: ici, c’est votre identité AWS qui est notée.",
            )
        arn: str = boto3.client("sts").get_caller_identity()["Arn"]
        return arn.rsplit("/", 1)[-1]
    return _name or getpass.getuser()
