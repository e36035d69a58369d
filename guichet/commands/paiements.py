"""`guichet paiements …`: show card payments, reconcile them with the bank's export, record refunds, dismiss alarms."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.card_payment.reference import canonical_reference
from chalicelib.errors import NotFound
from chalicelib.services.payments.dismiss_alarm import dismiss_alarm
from chalicelib.services.payments.refund import Refund, refund
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, say, stop
from guichet.display.money import attempt_description, money_refusals
from guichet.display.payment_display import list_needing_review, list_open, list_surpluses, show_payments, show_refund
from guichet.failures import friendly_errors, open_portal
from guichet.files.bank_file import reconcile_file
from guichet.french import FrenchApp, flag
from guichet.options import DryRun, input_file, parse_cents_option
from guichet.work import journal_entry

app = FrenchApp("paiements", "Les paiements par carte.")

Reference = Annotated[
    str,
    typer.Argument(
        metavar="RÉFÉRENCE", help="La référence du portail (PBX_CMD), en capitales ou non, avec ses tirets ou sans."
    ),
]
Reason = Annotated[str, typer.Option("--motif", metavar="TEXTE", help="Pourquoi, pour la régie.")]


@app.verb("voir", "169165")
def show(
    name: Annotated[str, typer.Argument(metavar="RÉFÉRENCE|NUMÉRO", help="Un paiement, ou une facture.")],
) -> None:
    """Montre un paiement, ou tous ceux d’une facture, avec les mouvements d’argent de la facture."""
    with friendly_errors():
        raise typer.Exit(show_payments(name.strip(), portal=open_portal()))


@app.verb("lister", "--trop-percus")
def listed(
    *,
    under_way: Annotated[bool, flag("--en-cours", "Ceux qui ne sont pas terminés.")] = False,
    surplus: Annotated[bool, flag("--trop-percus", "Les factures qui ont reçu plus que leur montant.")] = False,
) -> None:
    """Liste les paiements que la régie doit regarder ; ou ceux en cours ; ou les trop-perçus."""
    with friendly_errors():
        portal = open_portal()
        (list_surpluses if surplus else list_open if under_way else list_needing_review)(portal)


@app.verb("rapprocher", "journal-paybox.csv --essai")
def reconcile(
    file: Annotated[Path, input_file("L’export de la banque (CSV, .xlsx ou .ods).")],
    *,
    columns: Annotated[
        Path | None,
        typer.Option("--colonnes", metavar="TOML", exists=True, dir_okay=False, help="Les noms de ses colonnes."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Enregistre les paiements que la banque connaît et dont l’avis s’est perdu, et liste tout le reste.

    Sans --colonnes, le fichier est le journal du back-office de Paybox (chalicelib/importing/bank_export.toml).
    """
    with friendly_errors():
        raise typer.Exit(reconcile_file(file, columns, dry_run=dry_run))


@app.verb("rembourser", 'ABCDEF-GHIJKL-MNOPQR-STUVWX --montant 57,00 --operation 810000001 --motif "payé deux fois"')
def give_back(
    reference: Reference,
    *,
    amount: Annotated[str, typer.Option("--montant", metavar="EUROS", help="Ce que la banque a rendu.")],
    operation: Annotated[
        str, typer.Option("--operation", metavar="NUMÉRO", help="Le numéro du remboursement chez la banque.")
    ],
    invoice: Annotated[
        str,
        typer.Option(
            "--facture", metavar="NUMÉRO", help="La facture à rembourser, si le paiement en a réglé plusieurs."
        ),
    ] = "",
    reason: Reason = "",
    dry_run: DryRun = False,
) -> None:
    """Enregistre un remboursement fait dans le back-office de la banque : le portail ne rend pas l’argent lui-même.

    Jamais plus que ce qui a été payé. Le même numéro d’opération n’est enregistré qu’une fois par facture.
    """
    cents = parse_cents_option("--montant", amount)
    with friendly_errors():
        portal = open_portal()
        request = Refund(
            canonical_reference(reference),
            cents,
            operation.strip(),
            agent=agent.acting(),
            reason=reason,
            invoice_number=invoice.strip(),
        )
        with money_refusals("Aucun paiement abouti n'a cette référence."):
            entry = refund(request, stores=portal.stores, clock=portal.clock, dry_run=dry_run)
        show_refund(entry, dry_run=dry_run, portal=portal)


@app.verb("classer", 'ABCDEF-GHIJKL-MNOPQR-STUVWX --motif "vu avec la banque"')
def file_away(reference: Reference, *, reason: Reason) -> None:
    """Classe un paiement que la régie a regardé et sait expliquer : il ne sera plus signalé.

    Un paiement à vérifier ou en attente est alors tenu pour non abouti ; si la banque le confirme plus tard, il sera
    enregistré quand même.
    """
    with friendly_errors():
        portal = open_portal()
        try:
            attempt = dismiss_alarm(canonical_reference(reference), payments=portal.stores.payments, clock=portal.clock)
        except NotFound:
            stop(ExitCode.REFUSED, typeset("Aucun paiement n'a cette référence."))
        numbers = ", ".join(attempt.invoice_numbers)
        journal_entry(portal, attempt.username, "payment_explained", f"{numbers} {reason}".strip())
        say(typeset(f"Paiement {attempt.reference} : {attempt_description(attempt)}."))
