"""Close a run: each of its invoices has exactly one outcome, they add up to the cent, and the régie is told."""

from chalicelib.concurrency import in_batches
from chalicelib.domain.billing_run import BillingRun, RunEvent, RunState
from chalicelib.domain.billing_run import close as closed
from chalicelib.domain.delivery import Outcome, delivery_of
from chalicelib.errors import MailRefused
from chalicelib.mail.messages import run_report_message
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import MailingContext
from chalicelib.services.mailing.progress import with_outcomes
from chalicelib.services.mailing.report import Count, MailingReport, as_context
from chalicelib.services.mailing.send_once import settle_lost

CLOCK = "tick"
"""Who closes, in the run's trace."""

LAST_ROUND = 6
"""From this execution on, a batch that keeps failing for another reason than the provider's is given up."""

THROTTLED = "MailThrottled"
"""The provider's quota stopped a batch: it will be enough again."""

UNPRINTED = s3_names.failure("print", "").removesuffix(".json")
"""A run is not closed while a part of its paper batch could not be made."""


def close_run(run: str, *, round_: int, context: MailingContext) -> MailingReport | None:
    """Close the run and mail its report; None, and nothing closed, while invoices wait for another execution.

    `round_`: how many executions the run had, this one included. A closed run answers its report and mails nothing.
    Raises NotFound, Unavailable.
    """
    held = context.stores.runs.get(run)
    if held.state is RunState.CLOSED:
        return read_report(run, context=context)
    errors = {failure["name"]: failure["error"] for failure in failures(run, context=context)}
    if round_ >= LAST_ROUND and THROTTLED not in errors.values():
        _give_up(run, context)
    report = _counted(run, context).report(run, context=context)
    if not _agrees(report, held) or any(name.startswith(UNPRINTED) for name in errors):
        return None
    key = context.stores.mailing_files.put_json(run, s3_names.REPORT, report.model_dump(mode="json"))
    _mail(report, context)
    event = RunEvent(event="closed", at=context.clock(), by=CLOCK)
    context.stores.runs.change(run, lambda one: one if one.state is RunState.CLOSED else closed(one, key, event))
    return report


def read_report(run: str, *, context: MailingContext) -> MailingReport:
    """The report that a run left when it was closed. Raises NotFound."""
    return MailingReport.model_validate(context.stores.mailing_files.read_json(run, s3_names.REPORT))


def _counted(run: str, context: MailingContext) -> Count:
    """The run's outcomes, once the claims of dead workers are settled."""
    count = Count()
    for one in context.stores.deliveries.outcome_rows(run):
        held = context.stores.deliveries.find(run, one.number) if one.outcome is Outcome.CLAIMED else None
        count.see(settle_lost(held, context) if held else one)
    return count


def _give_up(run: str, context: MailingContext) -> None:
    """What five executions could not deliver is listed, and closes."""
    without = (pair for pair, standing in with_outcomes(run, context=context) if standing is None)
    for pairs in in_batches(without):
        for invoice in context.stores.invoices.find_many(pairs).values():
            context.stores.deliveries.put_first(
                delivery_of(run, invoice, Outcome.FAILED, context.clock(), reason="undelivered")
            )


def failures(run: str, *, context: MailingContext) -> list[dict[str, str]]:
    """The batches that the last execution's children gave up: `name`, `step`, `batch` and `error` of each."""
    return [
        {"name": name, **context.stores.mailing_files.read_json(run, name)}
        for name in context.stores.mailing_files.names(run, s3_names.FAILURES)
    ]


def _agrees(report: MailingReport, run: BillingRun) -> bool:
    """As many invoices, and as many cents, as the run that was checked and published."""
    total = report.total
    return (total.count, total.cents) == (run.figures.invoices, run.figures.total_cents)


def _mail(report: MailingReport, context: MailingContext) -> None:
    """To the régie; the report also stands in the run's folder, so an address that is refused loses nothing."""
    message = run_report_message(
        context.town.regie.email, town=context.town, link=context.link, report=as_context(report)
    )
    try:
        context.send(message)
    except MailRefused:
        return
