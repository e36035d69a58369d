"""Entry point of `python -m guichet`: the Typer application, its sub-commands and its exit codes."""

import logging
import os
import sys
from typing import Annotated, Any

import typer

from guichet import agent, french
from guichet.commands import (
    adresses,
    caisse,
    campagnes,
    comptabilite,
    comptes,
    encaissements,
    envois,
    factures,
    familles,
    lettres,
    paiements,
    purger,
    quittances,
    rappels,
    recherche,
    recus,
    reglements,
    signalements,
)
from guichet.console import ExitCode, warn
from guichet.environment import set_defaults

app = french.FrenchApp(
    "",
    "La commande du guichet : familles, factures, envois, paiements, comptabilité.",
    metavar="NOM VERBE …",
    epilog=french.example("factures importer factures-2026-06.csv --essai"),
    add_completion=False,
    pretty_exceptions_enable=False,
)
# Agents read French sentences: without a handler, Python would also print the bare names of the log's events.
logging.getLogger("chalicelib").addHandler(logging.NullHandler())

for noun in (
    familles,
    factures,
    campagnes,
    reglements,
    quittances,
    caisse,
    encaissements,
    paiements,
    recus,
    comptabilite,
    envois,
    rappels,
    comptes,
    recherche,
    lettres,
    adresses,
    signalements,
):
    app.add_typer(noun.app)
app.verb("purger", "--essai")(purger.run)


@app.callback()
def _options(
    name: Annotated[str, typer.Option("--agent", metavar="NOM", help="Qui agit, sur le poste de travail.")] = "",
) -> None:
    agent.set_name(name)


def main(arguments: list[str]) -> int:
    """Run one command. Returns its exit code: 0 done, 1 refused, 2 misuse, 3 done but for some lines."""
    french.install()
    try:
        set_defaults(os.environ)
    except ValueError as refusal:
        warn(str(refusal))
        return ExitCode.MISUSE
    try:
        exit_code: Any = app(agent.move_option_first(arguments), prog_name="guichet", standalone_mode=False)
    except typer.TyperException as misuse:
        _print_misuse(misuse)
        return ExitCode.MISUSE
    return int(exit_code or ExitCode.DONE)


def _print_misuse(misuse: typer.TyperException) -> None:
    context = getattr(misuse, "ctx", None)
    if type(misuse).__name__ == "NoArgsIsHelpError":
        return
    if context is not None:
        warn(context.get_usage())
        warn(f"{context.command_path} --help donne l’aide.")
    warn(french.translate(misuse.format_message()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
