"""`guichet campagnes …`: billing files become runs, which the desk checks, publishes for a day, or gives up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.billing_run import BillingRun, RunState
from chalicelib.domain.run_report import Finding
from chalicelib.errors import RunRefused
from chalicelib.formats import euros
from chalicelib.importing.cells import day
from chalicelib.importing.csv_reader import CellRefused
from chalicelib.portal import Portal
from chalicelib.services.billing.cancel_run import cancel_run
from chalicelib.services.billing.publish_run import publish_run, settle_run_errors
from chalicelib.store.run_files import COMPARISON, REPORT
from chalicelib.wording.guide import typeset
from guichet import agent, french
from guichet.console import ExitCode, complain, say, stop
from guichet.display.run_display import show_accounts, show_findings, show_list, show_run, show_trace
from guichet.failures import friendly_errors, opened
from guichet.files.billing_file import bring_in
from guichet.files.invoice_file import counted
from guichet.wording.runs import SEVERAL, UNKNOWN, due_before_seen, refusal, state_of

app = typer.Typer(
    cls=french.FrenchGroup,
    help="Les campagnes de facturation.",
    no_args_is_help=True,
    subcommand_metavar="VERBE …",
    rich_markup_mode="markdown",
)

RECENT, ALL = 24, 100_000

File = Annotated[
    Path, typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, readable=True, help="Le fichier des factures.")
]
Name = Annotated[str, typer.Argument(metavar="CAMPAGNE", help="Son nom, ou le début de son nom.")]


Day = Annotated[
    str, typer.Option("--le", metavar="DATE", help="Le jour où les familles la voient, comme 01/07/2026 ou 2026-07-01.")
]
Everything = Annotated[bool, french.flag("--tout", "Ne passe rien sous silence.")]


@app.command(
    "deposer", cls=french.FrenchCommand, epilog="Exemple : python -m guichet campagnes deposer factures-2026-06.csv"
)
def bring(
    file: File, *, dry_run: Annotated[bool, french.flag("--essai", "Dit ce qui serait fait, sans rien écrire.")] = False
) -> None:
    """Dépose un fichier de factures comme campagne à contrôler : les familles n’en voient rien.

    Chaque facture est prise entière ou laissée de côté, et chaque ligne fausse est dite. Le même fichier deux fois est
    la même campagne ; interrompu, il se dépose à nouveau.
    """
    with friendly_errors():
        try:
            raise typer.Exit(bring_in(file, dry_run=dry_run))
        except RunRefused as refused:
            stop(ExitCode.REFUSED, refusal(refused.reason, "CAMPAGNE"))


@app.command("lister", cls=french.FrenchCommand, epilog="Exemple : python -m guichet campagnes lister")
def list_runs(*, everything: Everything = False) -> None:
    """Donne les dernières campagnes, la plus récente d’abord."""
    with friendly_errors():
        portal = opened()
        show_list(portal.stores.runs.latest(ALL if everything else RECENT))


@app.command("voir", cls=french.FrenchCommand, epilog="Exemple : python -m guichet campagnes voir 2026-06-3f9a1c2b04")
def show(name: Name, *, everything: Everything = False) -> None:
    """Montre ce que contient une campagne, ce qui la distingue de la précédente, et chaque ligne à regarder."""
    with working(name) as (portal, run):
        show_run(run)
        if run.report_key:
            findings = map(Finding.model_validate, portal.stores.run_files.lines(run.run, REPORT))
            show_findings(run.filename, findings, everything=everything)
        if run.comparison:
            accounts = portal.stores.run_files.read_json(run.run, COMPARISON)
            show_accounts("Comptes apparus", accounts["appeared"], everything=everything)
            show_accounts("Comptes disparus", accounts["vanished"], everything=everything)
        show_trace(run)


@app.command(
    "ecarter", cls=french.FrenchCommand, epilog="Exemple : python -m guichet campagnes ecarter 2026-06-3f9a1c2b04"
)
def leave_out(name: Name) -> None:
    """Écarte les lignes en erreur d’une campagne : elle pourra être publiée sans elles.

    Leurs factures, corrigées, se déposent dans un autre fichier. La liste des erreurs reste dans la campagne.
    """
    with working(name) as (portal, run):
        settled = settle_run_errors(run.run, by=agent.acting(), stores=portal.stores, clock=portal.clock)
        errors = counted(run.unresolved, "erreur écartée", "erreurs écartées")
        say(typeset(f"Campagne {settled.run} : {errors}. {_worth(settled)} peuvent être publiées."))


@app.command(
    "publier",
    cls=french.FrenchCommand,
    epilog="Exemple : python -m guichet campagnes publier 2026-06-3f9a1c2b04 --le 01/07/2026",
)
def publish(name: Name, *, on: Day) -> None:
    """Publie une campagne contrôlée pour un jour : ce jour-là, ses PDF sont tracés, vus des familles, puis envoyés.

    Une campagne qui a des erreurs non écartées est refusée. Le jour peut changer tant que l’envoi n’a pas commencé.
    """
    with working(name) as (portal, run):
        published = publish_run(run.run, _day(on), by=agent.acting(), stores=portal.stores, clock=portal.clock)
        say(typeset(f"Campagne {published.run}, {state_of(published)} : {_worth(published)}."))
        if due_before_seen(published):
            complain(due_before_seen(published))


@app.command(
    "annuler", cls=french.FrenchCommand, epilog="Exemple : python -m guichet campagnes annuler 2026-06-3f9a1c2b04"
)
def cancel(name: Name) -> None:
    """Annule une campagne dont l’envoi n’a pas commencé : ses factures sont retirées, leurs numéros libérés.

    Sa trace et son fichier restent. Déposé à nouveau, le même fichier la reprend du début.
    """
    with working(name, whole=True) as (portal, run):  # typed twice, it must not cancel what replaced the first
        cancelled, removed = cancel_run(run.run, by=agent.acting(), stores=portal.stores, clock=portal.clock)
        gone = counted(removed, "facture retirée", "factures retirées")
        say(typeset(f"Campagne {cancelled.run} annulée : {gone}, leurs numéros sont libres."))


@contextmanager
def working(name: str, *, whole: bool = False) -> Iterator[tuple[Portal, BillingRun]]:
    """The portal and the run of that name; what a run refuses ends the command with what to do.

    `whole`: the beginning of a name that has several is not enough, even when one alone is not cancelled.
    """
    with friendly_errors():
        portal = opened()
        run = _named(name, portal, whole=whole)
        try:
            yield portal, run
        except RunRefused as refused:
            stop(ExitCode.REFUSED, refusal(refused.reason, run.run))


def _named(name: str, portal: Portal, *, whole: bool) -> BillingRun:
    """The one run of which this is the name, or its beginning; a cancelled one gives way to that which replaced it."""
    exact = portal.stores.runs.find(name)
    if exact:
        return exact
    found = [run for run in portal.stores.runs.every() if run.run.startswith(name)]
    meant = found
    if len(found) > 1 and not whole:
        meant = [run for run in found if run.state is not RunState.CANCELLED]
    if len(meant) != 1:
        stop(ExitCode.REFUSED, typeset(SEVERAL if found else UNKNOWN))
    return meant[0]


def _day(cell: str) -> date:
    try:
        return day(cell)
    except CellRefused as refused:
        stop(ExitCode.MISUSE, typeset(f"--le : {refused.reason}"))


def _worth(run: BillingRun) -> str:
    return f"{counted(run.figures.invoices, 'facture', 'factures')}, {euros(run.figures.total_cents)}"
