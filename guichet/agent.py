"""Who acts: the caller's AWS identity, or on the desk the name given with `--agent`."""

import getpass
from collections.abc import Sequence

import boto3

from chalicelib import portal
from chalicelib.stage_settings import REHEARSAL_STAGES
from guichet.console import ExitCode, stop

OPTION = "--agent"
_given = ""


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The same command line with `--agent NOM` first, for agents write it where it comes to mind."""
    rest, front = list(arguments), list[str]()
    for position, argument in enumerate(arguments):
        if argument == OPTION and position + 1 < len(arguments):
            front = list(arguments[position : position + 2])
            rest = [*arguments[:position], *arguments[position + 2 :]]
        elif argument.startswith(f"{OPTION}="):
            front, rest = [argument], [*arguments[:position], *arguments[position + 1 :]]
    return front + rest


def remember(name: str) -> None:
    """Keep the name given on the command line."""
    global _given
    _given = name.strip()


def acting() -> str:
    """The name that the journal will show. Ends the command when a real stage is given one by hand."""
    if portal.current().settings.stage not in REHEARSAL_STAGES:
        if _given:
            stop(
                ExitCode.MISUSE,
                "--agent ne sert qu’au poste de travail\u00a0: ici, c’est votre identité AWS qui est notée.",
            )
        arn: str = boto3.client("sts").get_caller_identity()["Arn"]
        return arn.rsplit("/", 1)[-1]
    return _given or getpass.getuser()
