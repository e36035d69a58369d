"""`guichet familles …`: accounts and children come in by file; see familles_sorties for what goes out."""

from pathlib import Path
from typing import Annotated

import typer

from guichet import french
from guichet.commands import familles_sorties
from guichet.failures import told
from guichet.files.family_files import bring_in

app = typer.Typer(
    cls=french.FrenchGroup,
    help="Les familles.",
    no_args_is_help=True,
    subcommand_metavar="VERBE …",
    rich_markup_mode="markdown",
)

Accounts = Annotated[
    Path, typer.Argument(metavar="COMPTES", exists=True, dir_okay=False, readable=True, help="Le fichier des comptes.")
]
Children = Annotated[
    Path, typer.Argument(metavar="ENFANTS", exists=True, dir_okay=False, readable=True, help="Le fichier des enfants.")
]


@app.command(
    "importer",
    cls=french.FrenchCommand,
    epilog="Exemple : python -m guichet familles importer comptes.csv enfants.csv --essai",
)
def bring(
    accounts: Accounts,
    children: Children,
    *,
    dry_run: Annotated[bool, french.flag("--essai", "Dit ce qui serait fait, sans rien écrire.")] = False,
) -> None:
    """Importe les comptes et les enfants de deux fichiers CSV.

    Ce qu’une famille a changé sur le portail reste comme elle l’a écrit, et les différences sont listées. Une ligne
    fausse n’arrête pas les autres. Les enfants d’une famille que le fichier ne nomme pas restent comme ils sont.
    """
    with told():
        raise typer.Exit(bring_in(accounts, children, dry_run=dry_run))


familles_sorties.add_to(app)
