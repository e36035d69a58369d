"""`guichet factures …`: import invoices from a file, print some, cancel one, list the unpaid ones."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.concurrency import in_batches
from chalicelib.formats import day_in_paris, euros, plain_euros, short_day
from chalicelib.importing.csv_writer import escape_formulas
from chalicelib.portal import Portal
from chalicelib.services.billing.print_documents import PrintObstacle, invoice_to_print
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from chalicelib.services.payments.direct_debit import set_direct_debit
from chalicelib.services.payments.unpaid_invoices import Unpaid, unpaid_on
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, say, stop, warn
from guichet.display.money import money_refusals, print_count_and_total, write_table
from guichet.failures import friendly_errors, open_portal
from guichet.files.invoice_file import Options, import_invoice_file
from guichet.files.joined_documents import write_documents
from guichet.french import FrenchApp, flag
from guichet.options import DryRun, PdfFile, TableFile, distinct, input_file, parse_day_option
from guichet.wording.common import pluralized
from guichet.work import journal_entry

app = FrenchApp("factures", "Les factures.")

HEADER = (
    "numero", "identifiant", "titulaire", "libelle", "date_emission", "date_echeance", "jours_de_retard",
    "montant_total", "montant_regle", "reste_a_payer", "prelevement",
)  # fmt: skip

OBSTACLES = {
    PrintObstacle.UNKNOWN: "facture n° {name} : aucune facture n’a ce numéro.",
    PrintObstacle.UNPUBLISHED: "facture n° {name} : elle n’est pas publiée. "
    "« guichet envois voir {run} --facture {name} » dit ce qu’elle attend.",
    PrintObstacle.UNDRAWN: "facture n° {name} : son PDF n’est pas encore tracé. Il le sera dès que la famille l’ouvre "
    "sur le portail, ou que son fichier est importé à nouveau.",
    PrintObstacle.LOST: "facture n° {name} : son PDF n’est plus là où il fut gardé. L’ingénieur le restaure.",
}
APART = "facture n° {name} : son PDF vient d’un autre logiciel et ne se joint pas à d’autres, imprimez-la seule."
Number = Annotated[str, typer.Argument(metavar="NUMÉRO", help="Le numéro de la facture.")]
Numbers = Annotated[list[str], typer.Argument(metavar="NUMÉRO", help="Les numéros des factures.")]
File = Annotated[Path, input_file("Le fichier des factures (CSV, .xlsx ou .ods).")]
Folder = Annotated[
    Path | None,
    typer.Option(metavar="DOSSIER", exists=True, file_okay=False, help="Où se trouvent les numero.pdf repris."),
]


@app.verb("importer", "factures-2026-06.csv --essai")
def bring(
    file: File,
    *,
    dry_run: DryRun = False,
    keep_good: Annotated[
        bool, flag("--garder-les-bonnes", "Importe les factures sans erreur, laisse les autres.")
    ] = False,
    takeover: Annotated[
        bool, flag("--reprise", "Reprend un autre logiciel : les PDF sont gardés tels quels, sans envoi.")
    ] = False,
    pdf: Folder = None,
) -> None:
    """Importe les factures d’un fichier, puis trace leurs PDF.

    Une facture est importée entière ou pas du tout, et le même fichier deux fois ne change rien. Au premier défaut,
    rien n’est importé, sauf avec --garder-les-bonnes.
    """
    if takeover != (pdf is not None):
        stop(ExitCode.MISUSE, "--reprise et --pdf DOSSIER vont ensemble.")
    with friendly_errors():
        raise typer.Exit(import_invoice_file(file, Options(dry_run=dry_run, keep_good=keep_good, pdf=pdf)))


@app.verb("imprimer", "169165 169166 --sortie factures.pdf")
def print_invoices(numbers: Numbers, *, file: PdfFile) -> None:
    """Écrit les PDF de factures publiées, tels qu’ils furent tracés ; plusieurs font un seul PDF, à imprimer au recto.

    Un numéro refusé n’arrête pas les autres : la commande finit alors par 3.
    """
    with friendly_errors():
        portal = open_portal()
        found = [invoice_to_print(one, stores=portal.stores) for one in distinct("NUMÉRO", numbers)]
        count, code = write_documents(found, file, obstacles=OBSTACLES, apart=APART, portal=portal)
        for one in found:
            if one.cancelled and one.content:
                warn(typeset(f"facture n° {one.name} : elle est annulée, et son document ne le dit pas."))
        say(typeset(f"{pluralized(count, 'facture', 'factures')} : ") + str(file))
        raise typer.Exit(code)


@app.verb("annuler", '169165 --motif "erreur" --remplacee-par 169300')
def cancel(
    number: Number,
    *,
    reason: Annotated[str, typer.Option("--motif", metavar="TEXTE", help="Ce que la famille lira.")],
    replaced_by: Annotated[
        str, typer.Option("--remplacee-par", metavar="NUMÉRO", help="La facture à payer à la place.")
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Annule une facture : elle reste dans l’historique avec son document, et n’est plus à payer.

    Ce qui a déjà été réglé devient un trop-perçu, que la régie rend ou reporte.
    """
    with friendly_errors():
        portal = open_portal()
        cancellation = Cancellation(number.strip(), reason.strip(), agent.acting(), replaced_by.strip())
        if not cancellation.reason:
            stop(ExitCode.MISUSE, typeset("--motif : la famille doit pouvoir lire pourquoi."))
        with money_refusals("Aucune facture n'a ce numéro."):
            after = cancel_invoice(cancellation, stores=portal.stores, clock=portal.clock, dry_run=dry_run)
        if not dry_run:
            journal_entry(portal, after.username, "invoice_cancelled", after.number)
        surplus = f" Trop-perçu à rendre : {euros(after.surplus_cents)}." if after.surplus_cents else ""
        status = "Essai : elle serait annulée, rien n'a été écrit." if dry_run else "Annulée."
        say(typeset(f"Facture n° {after.number} du compte {after.username}. {status}{surplus}"))


@app.verb("prelevement", '169165 --arreter --motif "refusé par la banque"')
def direct_debit(
    number: Number,
    *,
    stop_it: Annotated[bool, flag("--arreter", "La facture ne sera pas prélevée : la famille peut la payer.")] = False,
    resume: Annotated[bool, flag("--reprendre", "La facture sera prélevée.")] = False,
    reason: Annotated[str, typer.Option("--motif", metavar="TEXTE", help="Pourquoi, pour la régie.")] = "",
) -> None:
    """Dit si une facture à payer sera prélevée, quoi que dise le compte : prélèvement refusé, arrêté ou repris."""
    if stop_it == resume:
        stop(ExitCode.MISUSE, typeset("Choisissez --arreter ou --reprendre."))
    with friendly_errors():
        portal = open_portal()
        with money_refusals("Aucune facture n'a ce numéro."):
            after = set_direct_debit(number.strip(), resume, stores=portal.stores)
        event = "direct_debit_resumed" if resume else "direct_debit_stopped"
        journal_entry(portal, after.username, event, f"{after.number} {reason}".strip())
        how = "par prélèvement" if resume else "par carte, par chèque ou au guichet"
        say(typeset(f"Facture n° {after.number} : {euros(after.balance_cents)} à payer {how}."))


@app.verb("impayees", "--au 30/06/2026 impayees-juin.csv")
def list_unpaid(
    file: TableFile = None,
    *,
    day: Annotated[
        str, typer.Option("--au", metavar="DATE", help="Le jour, comme 30/06/2026 : ce qui restait dû ce soir-là.")
    ],
    not_yet_due: Annotated[bool, flag("--toutes", "Aussi celles dont l’échéance n’était pas passée.")] = False,
) -> None:
    """Écrit les factures dont l’échéance était passée et qui n’étaient pas entièrement réglées ce jour-là."""
    end = parse_day_option("--au", day.strip())
    with friendly_errors():
        portal = open_portal()
        today = day_in_paris(portal.clock())
        found = unpaid_on(end, today=today, stores=portal.stores, not_yet_due=not_yet_due)
        write_table(file, HEADER, _rows(found, end, portal))
        print_count_and_total(
            len(found), "facture impayée", "factures impayées", sum(one.balance_cents for one in found)
        )


def _rows(found: Sequence[Unpaid], end: date, portal: Portal) -> Iterator[list[str]]:
    for some in in_batches(found):
        accounts = portal.stores.accounts.find_many(sorted({one.invoice.username for one in some}))
        for one in some:
            account = accounts.get(one.invoice.username)
            yield _row(one, end, account.holder.full_name if account else "")


def _row(one: Unpaid, end: date, holder: str) -> list[str]:
    invoice = one.invoice
    amounts = (invoice.billed_cents, one.paid_cents, one.balance_cents)
    return [
        *escape_formulas(invoice.number, invoice.username, holder, invoice.label),
        short_day(invoice.issued_on),
        short_day(invoice.due_on),
        str(max(0, (end - invoice.due_on).days)),
        *map(plain_euros, amounts),
        "oui" if invoice.direct_debit else "non",
    ]
