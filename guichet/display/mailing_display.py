"""Prints a mailing's report: progress, outcomes in counts and euros, and each invoice that needs review."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from chalicelib.domain.billing_run import BillingRun
from chalicelib.domain.delivery import Delivery, Outcome
from chalicelib.formats import euros, long_instant, thousands
from chalicelib.services.mailing.complement import Complement
from chalicelib.services.mailing.paper import PaperBatch
from chalicelib.services.mailing.report import Case, MailingReport
from chalicelib.services.mailing.send_once import lease_ends_at
from chalicelib.wording.guide import typeset
from chalicelib.wording.mailing import OUTCOMES, REASONS
from guichet.console import say, show_totals, warn
from guichet.wording.common import pluralized
from guichet.wording.runs import state_of

WAITING = (
    "facture n° {number} : l’envoi de son courriel, commencé le {at}, n’a pas d’issue. Si le fournisseur n’en dit rien "
    "d’ici le {end}, elle sera à vérifier"
)
EXPIRED = (
    "facture n° {number} : l’envoi de son courriel, commencé le {at}, n’a pas d’issue, et le fournisseur n’en a rien "
    "dit. « guichet envois reprendre {run} » la listera à vérifier"
)
STEPS = {"draw": "tracé des PDF", "release": "publication", "deliver": "envoi", "print": "lot à imprimer"}


def show_mailing(run: BillingRun, report: MailingReport) -> None:
    """Print counts and euros by outcome, what is left, then the invoices that need a human."""
    say(f"Campagne {run.run}, {state_of(run)}")
    rows = [
        (words, thousands(tally.count), euros(tally.cents))
        for outcome, words in OUTCOMES.items()
        if (tally := report.outcomes.get(outcome))
    ]
    left = run.figures.invoices - report.total.count
    if left:
        rows.append(("sans issue encore", thousands(left), euros(run.figures.total_cents - report.total.cents)))
    rows.append(("Total", thousands(run.figures.invoices), euros(run.figures.total_cents)))
    show_totals("", rows)
    if report.paper.pages:
        moved = f", dont {thousands(report.paper.moved)} d’autres campagnes" if report.paper.moved else ""
        say(typeset(f"Lot à imprimer : {_sheets(report.paper)}{moved}"))
    show_cases(OUTCOMES[Outcome.NEEDS_REVIEW], report.to_verify)
    show_cases(OUTCOMES[Outcome.FAILED], report.failed)
    show_cases("caractères non tracés", report.missing)
    show_cases("à imprimer à part", [(number, "") for number in report.paper.apart])


def _sheets(paper: PaperBatch) -> str:
    count = pluralized(paper.printed.count, "facture", "factures")
    return f"{count}, {pluralized(paper.pages, 'page', 'pages')}, recto seul"


def show_complement(complement: Complement) -> None:
    """Print what a complement holds, when it was made, and what of it is to be printed separately."""
    made_at = complement.paper.made_at
    since = "" if complement.new or made_at is None else f", fait le {long_instant(made_at)}"
    say(typeset(f"Complément n° {complement.rank} à imprimer{since} : {_sheets(complement.paper)}"))
    show_cases("à imprimer à part", [(number, "") for number in complement.paper.apart])


def show_late_paper(run: str, complements: Iterable[Complement], waiting: int) -> None:
    """Print the complements that were made, and how many invoices wait for one."""
    for complement in complements:
        show_complement(complement)
    if waiting:
        count = pluralized(waiting, "facture attend", "factures attendent")
        command = f"guichet envois voir {run} --papier complement.pdf --complement"
        say(typeset(f"{count} un complément, que « {command} » imprime, ou le prochain lot à imprimer"))


def show_cases(title: str, cases: Sequence[Case]) -> None:
    for number, reason in cases:
        explanation = REASONS.get(reason, reason)
        warn(typeset(f"facture n° {number}, {title}" + (f" : {explanation}" if explanation else "")))


def show_claims(claims: Iterable[Delivery], now: datetime) -> None:
    """Print the invoices whose mail was begun and has no outcome: they wait for the provider's word, and until when."""
    for claim in claims:
        ends_at = lease_ends_at(claim)
        facts = {"number": claim.number, "run": claim.run, "at": long_instant(claim.at), "end": long_instant(ends_at)}
        warn(typeset(WAITING if ends_at > now else EXPIRED).format(**facts))


def show_failures(failures: Iterable[Mapping[str, str]]) -> None:
    """Print the batches that failed in the last execution; the next one retries them."""
    for failure in failures:
        step = STEPS.get(failure["step"], failure["step"])
        warn(typeset(f"lot {failure['batch']}, {step} : {failure['error']}"))
