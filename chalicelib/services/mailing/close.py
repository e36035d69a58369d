"""Close a run once each invoice has one outcome and the totals agree to the cent, and mail the report to the régie."""

from chalicelib.concurrency import in_batches
from chalicelib.domain.billing_run import BillingRun, RunEvent, RunState
from chalicelib.domain.billing_run import close as closed
from chalicelib.domain.delivery import Outcome, delivery_of
from chalicelib.errors import MailRefused
from chalicelib.mail.messages import run_report_message
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.progress import invoices_with_outcomes
from chalicelib.services.mailing.report import MailingReport, OutcomeCount, template_context
from chalicelib.services.mailing.send_once import review_if_expired

CLOCK = "tick"
"""The author of the closing in the run's trace."""

LAST_ROUND = 6
"""From this execution on, what keeps failing for another reason than SES's quota is given up."""

THROTTLED = "MailThrottled"
"""The error of a batch stopped by SES's quota: a later execution can go on."""

UNPRINTED = s3_names.failure("print", "").removesuffix(".json")
"""Failure names of paper parts: a run is not closed while one could not be made."""


def close_run(run: str, *, round_: int, context: MailingContext) -> MailingReport | None:
    """Close the run and mail its report. Returns None, closing nothing, while invoices wait for another execution.

    `round_`: how many executions the run had, this one included. A closed run returns its report and mails nothing.
    Raises NotFound, Unavailable.
    """
    stored = context.stores.runs.get(run)
    if stored.state is RunState.CLOSED:
        return read_report(run, context=context)
    errors = {failure["name"]: failure["error"] for failure in failures(run, context=context)}
    if round_ >= LAST_ROUND and THROTTLED not in errors.values():
        _give_up(run, context)
    report = _counted(run, context).report(run, context=context)
    if not _agrees(report, stored) or any(name.startswith(UNPRINTED) for name in errors):
        return None
    key = context.stores.mailing_files.put_json(run, s3_names.REPORT, report.model_dump(mode="json"))
    _mail(report, context)
    event = RunEvent(event="closed", at=context.clock(), by=CLOCK)
    context.stores.runs.change(run, lambda one: one if one.state is RunState.CLOSED else closed(one, key, event))
    return report


def _counted(run: str, context: MailingContext) -> OutcomeCount:
    """Returns the run's outcomes, claims with an expired lease marked for review."""
    count = OutcomeCount()
    for one in context.stores.deliveries.outcome_rows(run):
        claim = context.stores.deliveries.find(run, one.number) if one.outcome is Outcome.CLAIMED else None
        count.add(review_if_expired(claim, context) if claim else one)
    return count


def _give_up(run: str, context: MailingContext) -> None:
    """Mark as failed what five executions could not deliver, so that the run can be closed."""
    without = (pair for pair, outcome in invoices_with_outcomes(run, context=context) if outcome is None)
    for pairs in in_batches(without):
        for invoice in context.stores.invoices.find_many(pairs).values():
            context.stores.deliveries.put_first(
                delivery_of(run, invoice, Outcome.FAILED, context.clock(), reason="undelivered")
            )


def _agrees(report: MailingReport, run: BillingRun) -> bool:
    """Returns whether the count of invoices and the total in cents are those of the published run."""
    total = report.total
    return (total.count, total.cents) == (run.figures.invoices, run.figures.total_cents)


def _mail(report: MailingReport, context: MailingContext) -> None:
    """Mail the report to the régie; it is stored in S3 as well, so a refused address loses nothing."""
    message = run_report_message(
        context.town.regie.email, town=context.town, link=context.link, report=template_context(report)
    )
    try:
        context.send(message)
    except MailRefused:
        return


def failures(run: str, *, context: MailingContext) -> list[dict[str, str]]:
    """Returns the batches that the last execution gave up: `name`, `step`, `batch` and `error` of each."""
    return [
        {"name": name, **context.stores.mailing_files.read_json(run, name)}
        for name in context.stores.mailing_files.names(run, s3_names.FAILURES)
    ]


def read_report(run: str, *, context: MailingContext) -> MailingReport:
    """Returns the report stored when the run was closed. Raises NotFound."""
    return MailingReport.model_validate(context.stores.mailing_files.read_json(run, s3_names.REPORT))
