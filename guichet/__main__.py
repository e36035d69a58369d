"""Entry point of `python -m guichet`: the Typer application, its sub-commands and its exit codes."""

import logging
import os
import sys
from typing import Annotated, Any

import typer

from guichet import agent, french
from guichet.commands import (
    adresses,
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
    reglements,
    signalements,
)
from guichet.console import ExitCode, warn
from guichet.environment import set_defaults

app = typer.Typer(
    cls=french.FrenchGroup,
    help="La commande du guichet : familles, factures, envois, paiements, comptabilité.",
    epilog="Exemple : python -m guichet factures importer factures-2026-06.csv --essai",
    subcommand_metavar="NOM VERBE …",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)
# Agents read French sentences: without a handler, Python would also print the bare names of the log's events.
logging.getLogger("chalicelib").addHandler(logging.NullHandler())

app.add_typer(familles.app, name="familles")
app.add_typer(factures.app, name="factures")
app.add_typer(campagnes.app, name="campagnes")
app.add_typer(reglements.app, name="reglements")
app.add_typer(encaissements.app, name="encaissements")
app.add_typer(paiements.app, name="paiements")
app.add_typer(comptabilite.app, name="comptabilite")
app.add_typer(envois.app, name="envois")
app.add_typer(comptes.app, name="comptes")
app.add_typer(lettres.app, name="lettres")
app.add_typer(adresses.app, name="adresses")
app.add_typer(signalements.app, name="signalements")
app.command("purger", cls=french.FrenchCommand, epilog=purger.EXAMPLE)(purger.run)


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
