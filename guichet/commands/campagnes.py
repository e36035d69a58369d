"""`guichet campagnes …`: billing runs: deposit a billing file, check it, publish it for a day, or cancel it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.billing_run import BillingRun, RunState
from chalicelib.domain.run_report import Finding
from chalicelib.errors import RunRefused
from chalicelib.formats import euros, long_day
from chalicelib.portal import Portal
from chalicelib.services.billing.cancel_run import cancel_run, require_cancellable
from chalicelib.services.billing.publish_run import discard_bad_lines, publish_run
from chalicelib.store.bucket import COMPARISON, REPORT
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, confirm_on_terminal, say, stop, warn
from guichet.display.run_display import show_accounts, show_findings, show_list, show_run, show_run_events
from guichet.failures import friendly_errors, open_portal
from guichet.files.billing_file import import_billing_file
from guichet.files.checked_file import DRY_RUN
from guichet.french import FrenchApp, flag
from guichet.options import DryRun, Sure, input_file, parse_day_option
from guichet.wording.common import pluralized
from guichet.wording.runs import SEVERAL, UNKNOWN, early_due_date_warning, refusal, state_of

app = FrenchApp("campagnes", "Les campagnes de facturation.")

RECENT, ALL = 24, 100_000

File = Annotated[Path, input_file("Le fichier des factures (CSV, .xlsx ou .ods).")]
Name = Annotated[str, typer.Argument(metavar="CAMPAGNE", help="Son nom, ou le début de son nom.")]
Day = Annotated[
    str, typer.Option("--le", metavar="DATE", help="Le jour où les familles la voient, comme 01/07/2026 ou 2026-07-01.")
]
Everything = Annotated[bool, flag("--tout", "Ne passe rien sous silence.")]


@app.verb("deposer", "factures-2026-06.csv")
def bring(file: File, *, dry_run: DryRun = False) -> None:
    """Dépose un fichier de factures comme campagne à contrôler : les familles n’en voient rien.

    Chaque facture est prise entière ou laissée de côté, et chaque ligne fausse est dite. Le même fichier deux fois est
    la même campagne ; interrompu, il se dépose à nouveau.
    """
    with friendly_errors():
        try:
            raise typer.Exit(import_billing_file(file, dry_run=dry_run))
        except RunRefused as refused:
            stop(ExitCode.REFUSED, refusal(refused.reason, "CAMPAGNE"))


@app.verb("lister")
def list_runs(*, everything: Everything = False) -> None:
    """Donne les dernières campagnes, la plus récente d’abord."""
    with friendly_errors():
        portal = open_portal()
        show_list(portal.stores.runs.latest(ALL if everything else RECENT))


@app.verb("voir", "2026-06-3f9a1c2b04")
def show(name: Name, *, everything: Everything = False) -> None:
    """Montre ce que contient une campagne, ce qui la distingue de la précédente, et chaque ligne à regarder."""
    with on_run(name) as (portal, run):
        show_run(run)
        if run.report_key:
            findings = map(Finding.model_validate, portal.stores.run_files.lines(run.run, REPORT))
            show_findings(run.filename, findings, everything=everything)
        if run.comparison:
            accounts = portal.stores.run_files.read_json(run.run, COMPARISON)
            show_accounts("Comptes apparus", accounts["appeared"], everything=everything)
            show_accounts("Comptes disparus", accounts["vanished"], everything=everything)
        show_run_events(run)


@app.verb("ecarter", "2026-06-3f9a1c2b04")
def leave_out(name: Name) -> None:
    """Écarte les lignes en erreur d’une campagne : elle pourra être publiée sans elles.

    Leurs factures, corrigées, se déposent dans un autre fichier. La liste des erreurs reste dans la campagne.
    """
    with on_run(name) as (portal, run):
        settled = discard_bad_lines(run.run, by=agent.acting(), stores=portal.stores, clock=portal.clock)
        errors = pluralized(run.unresolved, "erreur écartée", "erreurs écartées")
        say(typeset(f"Campagne {settled.run} : {errors}. {_worth(settled)} peuvent être publiées."))


@app.verb("publier", "2026-06-3f9a1c2b04 --le 01/07/2026 --essai")
def publish(name: Name, *, on: Day, dry_run: DryRun = False, sure: Sure = False) -> None:
    """Publie une campagne contrôlée pour un jour : ce jour-là, ses PDF sont tracés, vus des familles, puis envoyés.

    Une campagne qui a des erreurs non écartées est refusée. Le jour peut changer tant que l’envoi n’a pas commencé.
    """
    with on_run(name) as (portal, run):
        day = parse_day_option("--le", on)

        def published_run(*, dry: bool) -> BillingRun:
            who = agent.acting()
            return publish_run(run.run, day, by=who, stores=portal.stores, clock=portal.clock, dry_run=dry)

        planned = published_run(dry=True)
        say(typeset(f"Le {long_day(day)}, les familles verront {_worth(planned)}, et leur envoi partira."))
        if dry_run:
            say(DRY_RUN)
            return
        confirm_on_terminal(f"Publier la campagne {run.run} ?", sure=sure, cancelled="Rien n’a été publié.")
        published = published_run(dry=False)
        say(typeset(f"Campagne {published.run}, {state_of(published)} : {_worth(published)}."))
        if early_due_date_warning(published):
            warn(early_due_date_warning(published))


@app.verb("annuler", "2026-06-3f9a1c2b04 --essai")
def cancel(name: Name, *, dry_run: DryRun = False, sure: Sure = False) -> None:
    """Annule une campagne dont l’envoi n’a pas commencé : ses factures sont retirées, leurs numéros libérés.

    Sa trace et son fichier restent. Déposé à nouveau, le même fichier la reprend du début.
    """
    with on_run(name, whole=True) as (portal, run):  # repeated, it must not cancel the run that replaced the first
        require_cancellable(run)
        say(typeset(f"{_worth(run)} seront retirées de la campagne {run.run}, {state_of(run)}."))
        if dry_run:
            say(DRY_RUN)
            return
        confirm_on_terminal(f"Annuler la campagne {run.run} ?", sure=sure, cancelled="Rien n’a été annulé.")
        cancelled, removed = cancel_run(run.run, by=agent.acting(), stores=portal.stores, clock=portal.clock)
        gone = pluralized(removed, "facture retirée", "factures retirées")
        say(typeset(f"Campagne {cancelled.run} annulée : {gone}, leurs numéros sont libres."))


@contextmanager
def on_run(name: str, *, whole: bool = False) -> Iterator[tuple[Portal, BillingRun]]:
    """Yields the portal and the run of that name. A `RunRefused` ends the command with what to do.

    `whole`: an ambiguous prefix is refused even when only one of its runs is not cancelled.
    """
    with friendly_errors():
        portal = open_portal()
        run = _find_run(name, portal, whole=whole)
        try:
            yield portal, run
        except RunRefused as refused:
            stop(ExitCode.REFUSED, refusal(refused.reason, run.run))


def _find_run(name: str, portal: Portal, *, whole: bool) -> BillingRun:
    """Returns the run of this name or unique prefix; among several, the only one that is not cancelled."""
    exact = portal.stores.runs.find(name)
    if exact:
        return exact
    found = [run for run in portal.stores.runs.every() if run.run.startswith(name)]
    candidates = found
    if len(found) > 1 and not whole:
        candidates = [run for run in found if run.state is not RunState.CANCELLED]
    if len(candidates) != 1:
        stop(ExitCode.REFUSED, typeset(SEVERAL if found else UNKNOWN))
    return candidates[0]


def _worth(run: BillingRun) -> str:
    return f"{pluralized(run.figures.invoices, 'facture', 'factures')}, {euros(run.figures.total_cents)}"
