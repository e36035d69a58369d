"""`guichet factures …`: invoices come in by file, may be cancelled, and are listed when unpaid."""

from pathlib import Path
from typing import Annotated

import typer

from guichet import french
from guichet.commands import factures_sorties
from guichet.console import End, stop
from guichet.failures import told
from guichet.files.invoice_file import Options, bring_in

app = typer.Typer(
    cls=french.FrenchGroup,
    help="Les factures.",
    no_args_is_help=True,
    subcommand_metavar="VERBE …",
    rich_markup_mode="markdown",
)

File = Annotated[
    Path, typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, readable=True, help="Le fichier des factures.")
]
Folder = Annotated[
    Path | None,
    typer.Option(metavar="DOSSIER", exists=True, file_okay=False, help="Où se trouvent les numero.pdf repris."),
]


@app.command(
    "importer",
    cls=french.FrenchCommand,
    epilog="Exemple : python -m guichet factures importer factures-2026-06.csv --essai",
)
def bring(
    file: File,
    *,
    dry_run: Annotated[bool, french.flag("--essai", "Dit ce qui serait fait, sans rien écrire.")] = False,
    keep_good: Annotated[
        bool, french.flag("--garder-les-bonnes", "Importe les factures sans erreur, laisse les autres.")
    ] = False,
    takeover: Annotated[
        bool, french.flag("--reprise", "Reprend un autre logiciel : les PDF sont gardés tels quels, sans envoi.")
    ] = False,
    pdf: Folder = None,
) -> None:
    """Importe les factures d’un fichier CSV, puis trace leurs PDF.

    Une facture est importée entière ou pas du tout, et le même fichier deux fois ne change rien. Au premier défaut,
    rien n’est importé, sauf avec --garder-les-bonnes.
    """
    if takeover != (pdf is not None):
        stop(End.MISUSE, "--reprise et --pdf DOSSIER vont ensemble.")
    with told():
        raise typer.Exit(bring_in(file, Options(dry_run=dry_run, keep_good=keep_good, pdf=pdf)))


factures_sorties.add_to(app)
