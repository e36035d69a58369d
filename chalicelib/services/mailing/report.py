"""Mailing report for the régie: counts and amounts by outcome, and every invoice that needs attention."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from chalicelib.domain.delivery import Delivery, Outcome, OutcomeRow, Tally
from chalicelib.domain.models import Model
from chalicelib.errors import NotFound
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.paper import PaperBatch, paper_batch
from chalicelib.wording.mailing import OUTCOMES, REASONS

MOST_CASES = 20
"""Cases listed in the mail; the command lists them all."""

Case = tuple[str, str]
"""An invoice number, and a key of the wording or the characters that could not be drawn."""


class MailingReport(Model):
    """A run's outcomes when it was closed. Amounts are cents."""

    run: str
    outcomes: dict[Outcome, Tally]
    to_verify: tuple[Case, ...] = ()
    failed: tuple[Case, ...] = ()
    missing: tuple[Case, ...] = ()
    paper: PaperBatch = PaperBatch()

    @property
    def total(self) -> Tally:
        tallies = self.outcomes.values()
        return Tally(count=sum(one.count for one in tallies), cents=sum(one.cents for one in tallies))


class OutcomeCount:
    """Adds deliveries up by outcome; only those that need attention are kept in memory."""

    def __init__(self) -> None:
        self.outcomes = {outcome: Tally() for outcome in Outcome}
        self.cases: dict[Outcome, list[Case]] = {Outcome.NEEDS_REVIEW: [], Outcome.FAILED: []}

    def add(self, delivery: Delivery | OutcomeRow) -> None:
        self.outcomes[delivery.outcome] = self.outcomes[delivery.outcome].plus(delivery.cents)
        if delivery.outcome in self.cases:
            self.cases[delivery.outcome].append((delivery.number, delivery.reason))

    def report(self, run: str, *, context: MailingContext) -> MailingReport:
        try:
            paper = paper_batch(run, context=context)
        except NotFound:
            paper = PaperBatch()
        return MailingReport(
            run=run,
            outcomes={outcome: found for outcome, found in self.outcomes.items() if outcome in OUTCOMES},
            to_verify=tuple(sorted(self.cases[Outcome.NEEDS_REVIEW])),
            failed=tuple(sorted(self.cases[Outcome.FAILED])),
            missing=tuple(_missing(run, context)),
            paper=paper,
        )


def _missing(run: str, context: MailingContext) -> Iterable[Case]:
    for name in context.stores.mailing_files.names(run, s3_names.MISSING):
        yield from context.stores.mailing_files.read_json(run, name).items()


def template_context(report: MailingReport) -> dict[str, Any]:
    """Returns the variables of the report's mail templates."""
    paper = report.paper
    return {
        "run": report.run,
        "rows": [(words, report.outcomes.get(outcome, Tally())) for outcome, words in OUTCOMES.items()],
        "total": report.total,
        "printed": {"count": paper.printed.count, "cents": paper.printed.cents, "moved": paper.moved},
        "doubtful": _with_words(report.to_verify),
        "more_doubtful": max(0, len(report.to_verify) - MOST_CASES),
        "failed": _with_words(report.failed),
        "more_failed": max(0, len(report.failed) - MOST_CASES),
        "missing": list(islice(report.missing, MOST_CASES)),
        "to_look_at": bool(report.to_verify or report.failed or report.missing or paper.apart),
    }


def _with_words(cases: Sequence[Case]) -> list[Case]:
    return [(number, REASONS.get(reason, reason)) for number, reason in cases[:MOST_CASES]]
