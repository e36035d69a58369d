"""What the régie reads of a mailing: counts and euros by outcome, and every invoice that needs a human."""

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

SHOWN = 20
"""Cases that a mail names; the desk's command lists them all."""

Case = tuple[str, str]
"""A number and a key of the wording, or the characters of it that could not be drawn."""


class MailingReport(Model):
    """A run's outcomes as they stood when it was closed. Amounts are cents."""

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


class Count:
    """Adds deliveries up as they go by; keeps only those that need a human."""

    def __init__(self) -> None:
        self.outcomes = {outcome: Tally() for outcome in Outcome}
        self.cases: dict[Outcome, list[Case]] = {Outcome.NEEDS_REVIEW: [], Outcome.FAILED: []}

    def see(self, delivery: Delivery | OutcomeRow) -> None:
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


def as_context(report: MailingReport) -> dict[str, Any]:
    """The report as its mail's templates want it."""
    paper = report.paper
    return {
        "run": report.run,
        "rows": [(words, report.outcomes.get(outcome, Tally())) for outcome, words in OUTCOMES.items()],
        "total": report.total,
        "printed": {"count": paper.printed.count, "cents": paper.printed.cents, "moved": paper.moved},
        "doubtful": _told(report.to_verify),
        "more_doubtful": max(0, len(report.to_verify) - SHOWN),
        "failed": _told(report.failed),
        "more_failed": max(0, len(report.failed) - SHOWN),
        "missing": list(islice(report.missing, SHOWN)),
        "to_look_at": bool(report.to_verify or report.failed or report.missing or paper.apart),
    }


def _told(cases: Sequence[Case]) -> list[Case]:
    return [(number, REASONS.get(reason, reason)) for number, reason in cases[:SHOWN]]
