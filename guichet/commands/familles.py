"""`guichet familles …`: import accounts and children, export the families' changes, erase an account (GDPR)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.invoice import Invoice
from chalicelib.errors import InvoiceAwaitsRun, NotFound
from chalicelib.formats import day_in_paris, euros, short_day, thousands
from chalicelib.importing.account_changes import HEADER, changed_on, row
from chalicelib.importing.csv_writer import csv_file
from chalicelib.portal import Portal
from chalicelib.services.account.erasure import Erasure, erase_account, plan_erasure
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, confirm, say, stop
from guichet.failures import friendly_errors, open_portal
from guichet.files.draw_pdfs import draw
from guichet.files.family_files import import_family_files
from guichet.french import FrenchApp, flag
from guichet.options import DryRun, input_file, parse_day_option
from guichet.output_file import write_output_file
from guichet.work import UNKNOWN_ACCOUNT, Username, journal_entry

app = FrenchApp("familles", "Les familles.")

Since = Annotated[
    str, typer.Option("--modifiees-depuis", metavar="DATE", help="Un jour, comme 01/06/2026 ou 2026-06-01.")
]
Out = Annotated[Path, typer.Argument(metavar="FICHIER", help="Le fichier CSV à écrire.")]
Accounts = Annotated[Path, input_file("Le fichier des comptes (CSV, .xlsx ou .ods).", metavar="COMPTES")]
Children = Annotated[Path, input_file("Le fichier des enfants (CSV, .xlsx ou .ods).", metavar="ENFANTS")]


@app.verb("importer", "comptes.csv enfants.csv --essai")
def bring(
    accounts: Accounts,
    children: Children,
    *,
    dry_run: DryRun = False,
    everything: Annotated[bool, flag("--tout", "Montre chaque champ modifié, de chaque compte.")] = False,
) -> None:
    """Importe les comptes et les enfants de deux fichiers.

    Ce qui change est montré, avant → après. Ce qu’une famille a changé sur le portail reste comme elle l’a écrit, et
    les différences sont listées. Une ligne fausse n’arrête pas les autres. Les enfants d’une famille que le fichier ne
    nomme pas restent comme ils sont.
    """
    with friendly_errors():
        raise typer.Exit(import_family_files(accounts, children, dry_run=dry_run, everything=everything))


@app.verb("exporter", "--modifiees-depuis 01/06/2026 modifications.csv")
def export(file: Out, *, since: Since) -> None:
    """Écrit les comptes que les familles ont modifiés sur le portail, pour le logiciel de facturation.

    Les colonnes sont celles du fichier des comptes, puis les champs modifiés et le jour. Une nouvelle adresse acceptée
    y figure à partir de sa date.
    """
    with friendly_errors():
        portal = open_portal()
        first, today = parse_day_option("--modifiees-depuis", since), day_in_paris(portal.clock())
        dated = [(changed_on(account, today), account) for account in portal.stores.accounts.every()]
        chosen = sorted((account for on, account in dated if on and on >= first), key=lambda one: one.username)
        write_output_file(file, csv_file(HEADER, (row(account, today) for account in chosen)))
        say(typeset(f"{file} : {thousands(len(chosen))} compte(s) modifiés depuis le {short_day(first)}."))


@app.verb("effacer", "100001 --essai")
def erase(
    username: Username,
    *,
    dry_run: Annotated[bool, flag("--essai", "Dit ce qui serait effacé et gardé, sans rien effacer.")] = False,
    yes: Annotated[bool, flag("--oui", "Efface sans demander de confirmation.")] = False,
) -> None:
    """Efface un compte, et garde ce que la loi garde : ses factures et leurs documents, dix ans.

    Les enfants ne sont effacés qu’avec le dernier compte de la famille. Retirez d’abord la famille du logiciel de la
    ville : un import qui la nomme encore la recréerait.
    """
    with friendly_errors():
        portal = open_portal()
        try:
            plan = plan_erasure(username, stores=portal.stores)
        except NotFound:
            stop(ExitCode.REFUSED, UNKNOWN_ACCOUNT)
        except InvoiceAwaitsRun as refusal:
            stop(ExitCode.REFUSED, _awaiting(refusal))
        _show(plan)
        if dry_run:
            say(typeset("Essai : rien n'a été effacé."))
            return
        if not yes:
            confirm(typeset(f"Effacer le compte {username} ?"), cancelled=typeset("Rien n'a été effacé."))
        erase_account(plan, stores=portal.stores, draw=lambda missing: _draw(portal, missing))
        journal_entry(portal, username, "account_erased")
        say(typeset(f"Compte {username} effacé."))


def _draw(portal: Portal, invoices: Sequence[Invoice]) -> int:
    return draw([(invoice.username, invoice.number) for invoice in invoices], portal=portal)


def _show(plan: Erasure) -> None:
    account, proofs = plan.account, sum(1 for one in plan.requests if one.proof)
    say(typeset(f"Compte {account.username}, {account.holder.full_name}, famille {account.family}"))
    say(typeset("Effacés : identité, coordonnées, mot de passe, sessions, activité du compte"))
    say(typeset(f"Effacées : {thousands(len(plan.requests))} demande(s), dont {thousands(proofs)} justificatif(s)"))
    if plan.takes_children:
        say(typeset(f"Effacés : {thousands(plan.children)} enfant(s), le compte étant le dernier de la famille"))
    else:
        say(typeset(f"Gardés : les enfants, avec le compte {', '.join(plan.relatives)}"))
    say(typeset(f"Gardées : {thousands(len(plan.invoices))} facture(s) et leurs documents, jusqu'à dix ans"))
    if plan.unpaid:
        due = euros(sum(invoice.balance_cents for invoice in plan.unpaid))
        say(
            typeset(f"Attention : {thousands(len(plan.unpaid))} facture(s) à payer, {due}, que la régie garde à suivre")
        )


def _awaiting(refusal: InvoiceAwaitsRun) -> str:
    return typeset(
        f"La facture {refusal.number} attend d'être publiée avec la campagne {refusal.run} : publiez ou annulez cette "
        "campagne, puis recommencez."
    )
