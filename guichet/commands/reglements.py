"""`guichet reglements …`: type or import settlements received other than by card, undo or offset one, give back."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.settlement import fold_to_letters
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.import_settlements import ImportRules
from chalicelib.services.payments.offset_credit import Offset, offset_credit
from chalicelib.services.payments.return_surplus import SurplusReturn, return_surplus
from chalicelib.services.payments.undo_movement import REASONS, undo_movement
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, stop
from guichet.display.money import money_refusals
from guichet.display.payment_display import show_offset, show_refund, show_undone
from guichet.failures import friendly_errors, open_portal
from guichet.files.checked_file import ImportOptions
from guichet.files.quittance_file import TypedSettlement, settle_typed
from guichet.files.settlement_file import import_settlement_file
from guichet.french import FrenchApp, flag
from guichet.options import DryRun, input_file, parse_cents_option, parse_day_option

app = FrenchApp(
    "reglements", "Les règlements reçus, annulés, imputés ou rendus, autrement que par carte sur le portail."
)

File = Annotated[Path, input_file("Le fichier des règlements (CSV, .xlsx ou .ods).")]
Number = Annotated[str, typer.Argument(metavar="NUMÉRO", help="Le numéro de la facture.")]
UNKNOWN_INVOICE = "Aucune facture n'a ce numéro."


@app.verb("importer", "reglements-2026-06.csv --essai")
def bring(
    file: File,
    *,
    dry_run: DryRun = False,
    keep_good: Annotated[
        bool, flag("--garder-les-bonnes", "Importe les règlements sans erreur, laisse les autres.")
    ] = False,
    anyway: Annotated[
        bool, flag("--quand-meme", "Enregistre aussi ce qui ressemble à un autre règlement, ou a une date étrange.")
    ] = False,
    takeover: Annotated[bool, flag("--reprise", "Reprend un autre logiciel : toute date passée est admise.")] = False,
) -> None:
    """Importe les règlements reçus au guichet, par chèque, par virement ou par prélèvement.

    Le même fichier deux fois ne change rien. Un règlement qui porte la référence d’un paiement par carte du portail est
    déjà connu. Ce qui ressemble à un autre règlement (même facture, même jour, même montant) est retenu, avec le code
    3 ; --quand-meme l’enregistre. Un montant négatif annule le règlement qu’il désigne ; « avoir » impute un avoir. Ce
    qui dépasse le reste à payer devient un trop-perçu. Au premier défaut, rien n’est importé, sauf avec
    --garder-les-bonnes.
    """
    with friendly_errors():
        options = ImportOptions(dry_run=dry_run, keep_good=keep_good)
        raise typer.Exit(import_settlement_file(file, options, ImportRules(anyway=anyway, takeover=takeover)))


@app.verb("saisir", '169165 --montant 57,00 --moyen cheque --reference 0012345 --emetteur "Mme Dupont"')
def type_in(
    number: Number,
    *,
    amount: Annotated[str, typer.Option("--montant", metavar="EUROS", help="Ce qui a été reçu.")],
    means: Annotated[str, typer.Option("--moyen", metavar="MOYEN", help="cheque, especes, carte, cesu, ancv…")],
    reference: Annotated[
        str, typer.Option("--reference", metavar="TEXTE", help="Le numéro du chèque, du virement ; s’il y en a un.")
    ] = "",
    payer: Annotated[
        str, typer.Option("--emetteur", metavar="NOM", help="Qui a payé ; sans lui, le titulaire du compte.")
    ] = "",
    on: Annotated[
        str, typer.Option("--recu-le", metavar="DATE", help="Le jour où il a été reçu ; sans lui, aujourd’hui.")
    ] = "",
    anyway: Annotated[
        bool, flag("--quand-meme", "Enregistre aussi ce qui ressemble à un autre règlement, ou a une date étrange.")
    ] = False,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FICHIER", help="Le PDF de la quittance.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Enregistre un règlement reçu au guichet, et lui donne une quittance numérotée.

    Les règles sont celles du fichier : le même règlement n’est enregistré qu’une fois ; ce qui ressemble à un autre est
    retenu, avec le code 3. Après une panne, la même commande finit ce qui manque.
    """
    cents = parse_cents_option("--montant", amount)
    typed = TypedSettlement(number.strip(), cents, means, reference, payer, on, anyway=anyway, dry_run=dry_run)
    with friendly_errors():
        raise typer.Exit(settle_typed(typed, pdf))


@app.verb("annuler", "169165 --mouvement K7Q2MX --motif impaye")
def undo(
    number: Number,
    *,
    movement: Annotated[
        str, typer.Option("--mouvement", metavar="M", help="Le mouvement, comme « paiements voir » l’écrit.")
    ],
    reason: Annotated[str, typer.Option("--motif", metavar="MOTIF", help="impaye, rejet, facture ou erreur.")],
    dry_run: DryRun = False,
) -> None:
    """Annule un règlement, une imputation ou un remboursement enregistré : la facture redevient à payer d’autant.

    Les deux mouvements restent dans la comptabilité. Un paiement par carte du portail se rembourse, il ne s’annule pas.
    """
    motive = fold_to_letters(reason)
    if motive not in REASONS:
        stop(ExitCode.MISUSE, typeset(f"--motif : {', '.join(REASONS[:-1])} ou {REASONS[-1]}."))
    with friendly_errors():
        portal = open_portal()
        with money_refusals(UNKNOWN_INVOICE):
            entry = undo_movement(
                number.strip(), movement, reason=motive, agent=agent.acting(), stores=portal.stores,
                clock=portal.clock, dry_run=dry_run,
            )  # fmt: skip
        show_undone(entry, number.strip(), dry_run=dry_run, portal=portal)


@app.verb("imputer", "169170 --sur 169165 --montant 12,00")
def offset(
    number: Annotated[str, typer.Argument(metavar="NUMÉRO", help="L’avoir, ou la facture qui a reçu trop.")],
    *,
    on: Annotated[str, typer.Option("--sur", metavar="NUMÉRO", help="La facture à payer, du même compte.")],
    amount: Annotated[str, typer.Option("--montant", metavar="EUROS", help="Sans lui, le plus possible.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Impute un avoir ou un trop-perçu sur une autre facture du même compte : aucun argent ne bouge.

    Jamais plus que ce qui reste de l’un, ni que ce qui reste à payer de l’autre.
    """
    cents = parse_cents_option("--montant", amount) if amount.strip() else None
    with friendly_errors():
        portal = open_portal()
        asked = Offset(number.strip(), on.strip(), cents, day_in_paris(portal.clock()), agent.acting())
        with money_refusals("L'un de ces numéros n'est celui d'aucune facture."):
            booked = offset_credit(asked, stores=portal.stores, clock=portal.clock, dry_run=dry_run)
        show_offset(booked, dry_run=dry_run, portal=portal)


@app.verb("rendre", "169165 --montant 57,00 --moyen virement --reference V-118")
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
    dry_run: DryRun = False,
) -> None:
    """Enregistre un trop-perçu rendu autrement que par carte : le portail ne rend pas l’argent lui-même.

    Jamais plus que le trop-perçu. La même référence du même moyen n’est enregistrée qu’une fois. Ce qui est venu par
    carte se rend chez la banque : « guichet paiements rembourser ».
    """
    cents, method, method_reference = parse_cents_option("--montant", amount), means.strip(), reference.strip()
    if not fold_to_letters(method) or not fold_to_letters(method_reference):
        stop(ExitCode.MISUSE, typeset("--moyen et --reference ne peuvent pas être vides, ni sans lettre ni chiffre."))
    with friendly_errors():
        portal = open_portal()
        day = parse_day_option("--le", on.strip()) if on else day_in_paris(portal.clock())
        request = SurplusReturn(
            number.strip(), cents, method, method_reference, day, agent=agent.acting(), reason=reason
        )
        with money_refusals(f"Aucune facture n'a le numéro {request.number}."):
            entry = return_surplus(request, stores=portal.stores, clock=portal.clock, dry_run=dry_run)
        show_refund(entry, dry_run=dry_run, portal=portal)
