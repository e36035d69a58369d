"""Close a run: each of its invoices has exactly one outcome, they add up to the cent, and the régie is told."""

from chalicelib.concurrency import in_batches
from chalicelib.domain.billing_run import BillingRun, RunState
from chalicelib.domain.billing_run import close as closed
from chalicelib.domain.delivery import Outcome, delivery_of
from chalicelib.errors import MailRefused
from chalicelib.mail.messages import run_report_message
from chalicelib.services.billing.runs import RunShelves, change_run, get_run
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.context import Mailing
from chalicelib.services.mailing.progress import beside
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


def close_run(run: str, *, round_: int, desk: Mailing, shelves: RunShelves) -> MailingReport | None:
    """Close the run and mail its report; None, and nothing closed, while invoices wait for another execution.

    `round_`: how many executions the run had, this one included. A closed run answers its report and mails nothing.
    Raises NotFound, Unavailable.
    """
    held = get_run(run, desk.runs)
    if held.state is RunState.CLOSED:
        return read_report(run, desk=desk)
    errors = {failure["name"]: failure["error"] for failure in failures(run, desk=desk)}
    if round_ >= LAST_ROUND and THROTTLED not in errors.values():
        _give_up(run, desk)
    report = _counted(run, desk).report(run, desk=desk)
    if not _agrees(report, held) or any(name.startswith(UNPRINTED) for name in errors):
        return None
    key = desk.files.put_json(run, s3_names.REPORT, report.model_dump(mode="json"))
    _mail(report, desk)
    event = shelves.event("closed", CLOCK)
    change_run(run, lambda one: one if one.state is RunState.CLOSED else closed(one, key, event), runs=desk.runs)
    return report


def read_report(run: str, *, desk: Mailing) -> MailingReport:
    """The report that a run left when it was closed. Raises NotFound."""
    return MailingReport.model_validate(desk.files.read_json(run, s3_names.REPORT))


def _counted(run: str, desk: Mailing) -> Count:
    """The run's outcomes, once the claims of dead workers are settled."""
    count = Count()
    for one in desk.deliveries.standings(run):
        held = desk.deliveries.find(run, one.number) if one.outcome is Outcome.CLAIMED else None
        count.see(settle_lost(held, desk) if held else one)
    return count


def _give_up(run: str, desk: Mailing) -> None:
    """What five executions could not deliver is listed, and closes."""
    without = (pair for pair, standing in beside(run, desk=desk) if standing is None)
    for pairs in in_batches(without):
        for invoice in desk.shelves.invoices.find_many(pairs).values():
            desk.deliveries.put_first(delivery_of(run, invoice, Outcome.FAILED, desk.clock(), reason="undelivered"))


def failures(run: str, *, desk: Mailing) -> list[dict[str, str]]:
    """The batches that the last execution's children gave up: `name`, `step`, `batch` and `error` of each."""
    return [{"name": name, **desk.files.read_json(run, name)} for name in desk.files.names(run, s3_names.FAILURES)]


def _agrees(report: MailingReport, run: BillingRun) -> bool:
    """As many invoices, and as many cents, as the run that was checked and published."""
    total = report.total
    return (total.count, total.cents) == (run.figures.invoices, run.figures.total_cents)


def _mail(report: MailingReport, desk: Mailing) -> None:
    """To the régie; the report also stands in the run's folder, so an address that is refused loses nothing."""
    message = run_report_message(desk.town.regie.email, town=desk.town, link=desk.link, report=as_context(report))
    try:
        desk.send(message)
    except MailRefused:
        return
