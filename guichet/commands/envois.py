"""`guichet envois …`: start due mailings, follow them, show outcomes, resolve doubtful ones, retry."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.billing_run import BillingRun, RunState
from chalicelib.domain.delivery import Outcome
from chalicelib.errors import NotFound, RunRefused
from chalicelib.formats import day_in_paris
from chalicelib.portal import Portal
from chalicelib.services.mailing.close import failures
from chalicelib.services.mailing.complement import count_waiting, made_complements
from chalicelib.services.mailing.progress import count_run, open_claims
from chalicelib.services.mailing.resolve import resolve, retry_failed
from chalicelib.services.mailing.schedule import start_due_runs, start_run
from chalicelib.wording.guide import typeset
from chalicelib.wording.mailing import SINGLE_OUTCOMES
from guichet import agent
from guichet.commands.campagnes import Name, on_run
from guichet.console import ExitCode, say, stop, warn
from guichet.display.invoice_mailing import show_invoice
from guichet.display.mailing_display import show_claims, show_failures, show_late_paper, show_mailing
from guichet.display.mailing_progress import follow_mailing
from guichet.failures import friendly_errors, open_portal
from guichet.files.paper_files import save_complement, save_paper
from guichet.french import FrenchApp, flag
from guichet.options import distinct
from guichet.wording.common import pluralized
from guichet.wording.runs import not_started, state_of

app = FrenchApp("envois", "Les envois des campagnes.")

REFUSED = {
    "settled": "elle a déjà son issue. Seules celles à vérifier ou en échec se tranchent.",
    "given-up": "elle a été tranchée en échec par le guichet, et c’est définitif. « guichet factures imprimer {number} "
    "--sortie facture.pdf » en donne le PDF.",
    "undrawn": "elle n’a pas de PDF, il n’y a rien à imprimer. Essayez « guichet envois reprendre {run} ».",
}
Paper = Annotated[Path | None, typer.Option("--papier", metavar="FICHIER", help="Enregistre le PDF à imprimer.")]
Listed = Annotated[Path | None, typer.Option("--liste", metavar="FICHIER", help="Enregistre la liste du lot.")]
Numbers = Annotated[list[str], typer.Argument(metavar="NUMERO", help="Les numéros des factures.")]


@app.verb("lancer", "--maintenant")
def start(*, now: Annotated[bool, flag("--maintenant", "Lance, sans attendre la prochaine heure.")] = False) -> None:
    """Dit quelles campagnes sont dues aujourd’hui et, avec --maintenant, les lance comme le ferait l’horloge.

    Une campagne déjà lancée n’est jamais lancée deux fois ; une campagne interrompue est reprise.
    """
    with friendly_errors():
        portal = open_portal()
        due = portal.stores.runs.due(day_in_paris(portal.clock()))
        for run in due:
            say(
                typeset(
                    f"Campagne {run.run}, {state_of(run)} : {pluralized(run.figures.invoices, 'facture', 'factures')}"
                )
            )
        if not due:
            say("Rien n’est dû aujourd’hui.")
        if now:
            started = start_due_runs(by=agent.acting(), stores=portal.stores, clock=portal.clock)
            say(
                typeset(
                    f"{pluralized(len(started), 'envoi lancé', 'envois lancés')}. « envois suivre » montre l’avancée."
                )
            )


@app.verb("suivre", "2026-06")
def follow(name: Name) -> None:
    """Suit un envoi jusqu’à sa clôture, puis donne son bilan. Ctrl-C cesse de suivre, l’envoi continue."""
    with on_run(name) as (portal, run):
        _require_started(portal, run)
        ended = follow_mailing(portal, run)
        _show_report(portal, ended)
        show_claims(open_claims(run.run, context=portal.mailing), portal.clock())
        if ended.state is not RunState.CLOSED:
            stop(
                ExitCode.PARTLY,
                typeset("L’envoi s’est arrêté avant la fin : l’horloge le reprendra, ou « envois reprendre »."),
            )


@app.verb("voir", "2026-06 --papier lot.pdf")
def show(
    name: Name,
    *,
    paper: Paper = None,
    listed: Listed = None,
    complement: Annotated[
        bool,
        flag("--complement", "Avec --papier : imprime ce qui n’est dans aucun lot, ou redonne le dernier complément."),
    ] = False,
    rank: Annotated[
        int | None, typer.Option("--rang", metavar="N", min=1, help="Avec --complement : redonne le complément n° N.")
    ] = None,
    number: Annotated[
        str, typer.Option("--facture", metavar="NUMERO", help="Dit ce qu’est devenue cette seule facture.")
    ] = "",
) -> None:
    """Donne les issues d’un envoi en nombres et en euros, et chaque facture à regarder ; ou l’issue d’une seule."""
    if number and (paper or listed or complement):
        stop(ExitCode.MISUSE, "--facture se donne sans --papier, --liste ni --complement.")
    if (complement and not paper) or (rank and not complement):
        stop(ExitCode.MISUSE, "--complement se donne avec --papier FICHIER, et --rang avec --complement.")
    with on_run(name) as (portal, run):
        if number:
            show_invoice(run, number.strip(), portal=portal)
        elif complement and paper:
            save_complement(run.run, portal.mailing, paper=paper, listed=listed, rank=rank)
        else:
            _show_mailing(portal, run)
            if paper or listed:
                save_paper(run.run, portal.mailing, paper=paper, listed=listed)


def _show_mailing(portal: Portal, run: BillingRun) -> None:
    _show_report(portal, run)
    if run.state is RunState.MAILING:
        show_failures(failures(run.run, context=portal.mailing))
    if run.state is RunState.CLOSED:
        made = made_complements(run.run, context=portal.mailing)
        show_late_paper(run.run, made, count_waiting(run.run, context=portal.mailing))


@app.verb("reprendre", "2026-06")
def resume(name: Name) -> None:
    """Reprend un envoi interrompu ; une fois la campagne close, essaie à nouveau ses factures en échec.

    Une facture qui a son issue n’est jamais envoyée à nouveau ; celle dont l’envoi s’est interrompu attend le mot du
    fournisseur, et la commande dit jusqu’à quand.
    """
    with on_run(name) as (portal, run):
        _require_started(portal, run)
        if run.state is RunState.CLOSED:
            tried = retry_failed(run.run, context=portal.mailing)
            say(f"{pluralized(tried, 'facture essayée', 'factures essayées')} à nouveau.")
            _show_report(portal, run)
            show_claims(open_claims(run.run, context=portal.mailing), portal.clock())
            return
        waiting = open_claims(run.run, context=portal.mailing)
        started = start_run(run, by=agent.acting(), stores=portal.stores, clock=portal.clock)
        say(typeset(f"Envoi repris : {started}." if started else "L’envoi est en cours : rien à reprendre."))
        if started:
            show_claims(waiting, portal.clock())


@app.verb("resoudre", "2026-06 169165 169170 --papier")
def settle(
    name: Name,
    numbers: Numbers,
    *,
    sent: Annotated[bool, flag("--envoyee", "Le courriel est bien arrivé.")] = False,
    paper: Annotated[bool, flag("--papier", "L’imprime en complément, ou avec le prochain lot.")] = False,
    failed: Annotated[bool, flag("--echec", "Rien n’est parti, et rien ne partira : c’est définitif.")] = False,
) -> None:
    """Tranche le sort d’une ou de plusieurs factures à vérifier ou en échec ; chacune est dite.

    Un numéro refusé n’arrête pas les autres : la commande finit alors par 3.
    """
    chosen = [
        one for one, selected in ((Outcome.SENT, sent), (Outcome.PAPER, paper), (Outcome.FAILED, failed)) if selected
    ]
    if len(chosen) != 1:
        stop(ExitCode.MISUSE, "Donnez --envoyee, --papier ou --echec, et un seul des trois.")
    with on_run(name) as (portal, run):
        settled = [_settle_one(run, number, chosen[0], portal) for number in distinct("NUMERO", numbers)]
        if not all(settled):
            stop(ExitCode.PARTLY if any(settled) else ExitCode.REFUSED)


def _settle_one(run: BillingRun, number: str, outcome: Outcome, portal: Portal) -> bool:
    """Settle one invoice and say its outcome. Returns False, and says why, when it is refused."""
    try:
        settled = resolve(run.run, number, outcome, context=portal.mailing)
    except NotFound:
        warn(typeset(f"Facture n° {number} : la campagne {run.run} n’en a pas d’issue."))
        return False
    except RunRefused as refused:
        reason = REFUSED[refused.reason].format(run=run.run, number=number)
        warn(typeset(f"Facture n° {number} : {reason}"))
        return False
    say(typeset(f"Facture n° {number} : {SINGLE_OUTCOMES[settled.outcome]}."))
    return True


def _show_report(portal: Portal, run: BillingRun) -> None:
    show_mailing(run, count_run(run.run, context=portal.mailing).report(run.run, context=portal.mailing))


def _require_started(portal: Portal, run: BillingRun) -> None:
    if run.state not in (RunState.MAILING, RunState.CLOSED):
        stop(ExitCode.REFUSED, not_started(run, day_in_paris(portal.clock())))
