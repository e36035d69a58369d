"""Close a run: each of its invoices has exactly one outcome, they add up to the cent, and the régie is told."""

from collections.abc import Iterator

from chalicelib.domain.billing_run import BillingRun, RunState
from chalicelib.domain.billing_run import close as closed
from chalicelib.domain.delivery import Delivery, Outcome
from chalicelib.errors import MailRefused
from chalicelib.mail.invoice_messages import run_report_message
from chalicelib.services.batches import in_batches
from chalicelib.services.mailing import names
from chalicelib.services.mailing.desk import Mailing
from chalicelib.services.mailing.report import Count, MailingReport, as_context
from chalicelib.services.mailing.sending import settle_lost
from chalicelib.services.runs import RunShelves, change_run, get_run

CLOCK = "tick"
"""Who closes, in the run's trace."""

LAST_ROUND = 6
"""From this execution on, a batch that keeps failing for another reason than the provider's is given up."""

THROTTLED = "MailThrottled"


def close_run(run: str, *, round_: int, desk: Mailing, shelves: RunShelves) -> MailingReport | None:
    """Close the run and mail its report; None, and nothing closed, while invoices wait for another execution.

    `round_`: how many executions the run had, this one included. A closed run answers its report and mails nothing.
    Raises NotFound, Unavailable.
    """
    held = get_run(run, desk.runs)
    if held.state is RunState.CLOSED:
        return read_report(run, desk=desk)
    count, left = _counted(run, desk, give_up=round_ >= LAST_ROUND and not _throttled(run, desk))
    report = count.report(run, desk=desk)
    if left or not _agrees(report, held):
        return None
    key = desk.files.put_json(run, names.REPORT, report.model_dump(mode="json"))
    _mail(report, desk)
    event = shelves.event("closed", CLOCK)
    change_run(run, lambda one: one if one.state is RunState.CLOSED else closed(one, key, event), runs=desk.runs)
    return report


def read_report(run: str, *, desk: Mailing) -> MailingReport:
    """The report that a closed run left. Raises NotFound."""
    return MailingReport.model_validate(desk.files.read_json(run, names.REPORT))


def count_run(run: str, *, desk: Mailing) -> Count:
    """The outcomes of a run as they stand."""
    count = Count()
    for one in desk.deliveries.of(run):
        count.see(one)
    return count


def _counted(run: str, desk: Mailing, *, give_up: bool) -> tuple[Count, int]:
    """The run's outcomes, the claims of dead workers settled, and how many invoices have none yet."""
    count, left = Count(), 0
    for delivery in _deliveries(run, desk, give_up=give_up):
        if delivery is None or delivery.outcome is Outcome.CLAIMED:
            left += 1
        else:
            count.see(delivery)
    return count, left


def _deliveries(run: str, desk: Mailing, *, give_up: bool) -> Iterator[Delivery | None]:
    for pairs in in_batches(desk.shelves.invoices.in_run(run)):
        found = desk.deliveries.find_many(run, [number for _, number in pairs])
        missing = [pair for pair in pairs if pair[1] not in found]
        yield from (settle_lost(one, desk) for one in found.values())
        yield from _given_up(run, missing, desk) if give_up else (None for _ in missing)


def _given_up(run: str, pairs: list[tuple[str, str]], desk: Mailing) -> Iterator[Delivery]:
    for invoice in desk.shelves.invoices.find_many(pairs).values():
        yield desk.deliveries.put_first(
            Delivery(
                run=run,
                number=invoice.number,
                username=invoice.username,
                cents=invoice.billed_cents,
                outcome=Outcome.FAILED,
                at=desk.clock(),
                reason="undelivered",
            )
        )


def _throttled(run: str, desk: Mailing) -> bool:
    """The provider's quota stopped a batch: it will be enough again."""
    listed = (desk.files.read_json(run, name) for name in desk.files.names(run, names.FAILURES))
    return any(one["error"] == THROTTLED for one in listed)


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
