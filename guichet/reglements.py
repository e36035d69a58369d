"""`guichet reglements …`: money that came another way comes in by file."""

from pathlib import Path
from typing import Annotated

import typer

from guichet import french
from guichet.failures import told
from guichet.settlement_file import bring_in

app = typer.Typer(
    cls=french.FrenchGroup,
    help="Les règlements reçus autrement que par carte sur le portail.",
    no_args_is_help=True,
    subcommand_metavar="VERBE …",
    rich_markup_mode="markdown",
)

File = Annotated[
    Path,
    typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, readable=True, help="Le fichier des règlements."),
]


@app.callback()
def _noun() -> None:
    """One verb today: without this, Typer would make it the noun itself."""


@app.command(
    "importer",
    cls=french.FrenchCommand,
    epilog="Exemple : python -m guichet reglements importer reglements-2026-06.csv --essai",
)
def bring(
    file: File,
    *,
    dry_run: Annotated[bool, french.flag("--essai", "Dit ce qui serait fait, sans rien écrire.")] = False,
    keep_good: Annotated[
        bool, french.flag("--garder-les-bonnes", "Importe les règlements sans erreur, laisse les autres.")
    ] = False,
) -> None:
    """Importe les règlements reçus au guichet, par chèque, par virement ou par prélèvement.

    Le même fichier deux fois ne change rien. Un règlement qui porte la référence d’un paiement par carte du portail est
    déjà connu. Ce qui dépasse le reste à payer devient un trop-perçu. Au premier défaut, rien n’est importé, sauf avec
    --garder-les-bonnes.
    """
    with told():
        raise typer.Exit(bring_in(file, dry_run=dry_run, keep_good=keep_good))
