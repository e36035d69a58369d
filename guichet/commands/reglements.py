"""`guichet reglements …`: money that came another way than by card comes in by file, and a surplus goes out."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.return_surplus import Return, folded, return_surplus
from chalicelib.wording.guide import typeset
from guichet import agent, french
from guichet.console import ExitCode, stop
from guichet.display.money import refusal_of, typed_cents, typed_day
from guichet.display.payment_display import tell_refund
from guichet.failures import friendly_errors, opened
from guichet.files.settlement_file import bring_in

app = typer.Typer(
    cls=french.FrenchGroup,
    help="Les règlements reçus, et les trop-perçus rendus, autrement que par carte sur le portail.",
    no_args_is_help=True,
    subcommand_metavar="VERBE …",
    rich_markup_mode="markdown",
)

File = Annotated[
    Path,
    typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, readable=True, help="Le fichier des règlements."),
]


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
    with friendly_errors():
        raise typer.Exit(bring_in(file, dry_run=dry_run, keep_good=keep_good))


@app.command(
    "rendre",
    cls=french.FrenchCommand,
    epilog="Exemple : python -m guichet reglements rendre 169165 --montant 57,00 --moyen virement --reference V-118",
)
def give_back(
    number: Annotated[str, typer.Argument(metavar="NUMÉRO", help="La facture qui a reçu trop.")],
    *,
    amount: Annotated[str, typer.Option("--montant", metavar="EUROS", help="Ce qui a été rendu.")],
    means: Annotated[str, typer.Option("--moyen", metavar="TEXTE", help="virement, espèces, chèque…")],
    reference: Annotated[
        str, typer.Option("--reference", metavar="TEXTE", help="Le numéro du virement, du chèque ou du reçu.")
    ],
    on: Annotated[
        str, typer.Option("--le", metavar="DATE", help="Le jour où il a été rendu ; sans lui, aujourd’hui.")
    ] = "",
    reason: Annotated[str, typer.Option("--motif", metavar="TEXTE", help="Pourquoi, pour la régie.")] = "",
    dry_run: Annotated[bool, french.flag("--essai", "Dit ce qui serait fait, sans rien écrire.")] = False,
) -> None:
    """Enregistre un trop-perçu rendu autrement que par carte : le portail ne rend pas l’argent lui-même.

    Jamais plus que le trop-perçu. La même référence du même moyen n’est enregistrée qu’une fois. Ce qui est venu par
    carte se rend chez la banque : « guichet paiements rembourser ».
    """
    cents, named, known_as = typed_cents("--montant", amount), means.strip(), reference.strip()
    if not folded(named) or not folded(known_as):
        stop(ExitCode.MISUSE, typeset("--moyen et --reference ne peuvent pas être vides, ni sans lettre ni chiffre."))
    with friendly_errors():
        portal = opened()
        day = typed_day("--le", on) if on else day_in_paris(portal.clock())
        asked = Return(number.strip(), cents, named, known_as, day, agent=agent.acting(), reason=reason)
        try:
            entry = return_surplus(asked, stores=portal.stores, clock=portal.clock, dry_run=dry_run)
        except NotFound:
            stop(ExitCode.REFUSED, typeset(f"Aucune facture n'a le numéro {asked.number}."))
        except MoneyRefused as refused:
            stop(ExitCode.REFUSED, refusal_of(refused))
        tell_refund(entry, dry_run=dry_run, portal=portal)
