"""A run is published for a day once nothing in it is undecided; given up, it leaves nothing but its trace."""

from datetime import date

import pytest

from chalicelib.domain.billing_run import RunState, start_mailing
from chalicelib.domain.invoice import InvoiceState
from chalicelib.errors import NotFound, RunRefused, Unavailable
from chalicelib.services.billing.cancel_run import cancel_run
from chalicelib.services.billing.import_run import deposit
from chalicelib.services.billing.publish_run import publish_run, settle_run_errors
from chalicelib.services.billing.runs import change_run
from tests.support.fakes.run_shelves import DAY, billing_file, run_shelves
from tests.support.people import invoice

GOOD = [invoice("1"), invoice("2", "martin"), invoice("3")]
LATER = date(2026, 7, 2)


@pytest.fixture
def shelves():
    return run_shelves()


def deposited(shelves, *invoices, end=""):
    return deposit(billing_file(*(invoices or GOOD), end=end), by="Camille", shelves=shelves).run.run


def started(shelves, run):
    event = shelves.event("mailing_started", "tick")
    return change_run(run, lambda found: start_mailing(found, run, event), runs=shelves.runs)


def refusal(call, *arguments, shelves):
    with pytest.raises(RunRefused) as caught:
        call(*arguments, by="Camille", shelves=shelves)
    return caught.value.reason


def test_a_checked_run_is_published_for_a_day_and_due_on_it(shelves):
    run = publish_run(deposited(shelves), LATER, by="Camille", shelves=shelves)
    assert (run.state, run.publish_on) == (RunState.PUBLISHED, LATER)
    assert shelves.runs.due(date(2026, 7, 1)) == []
    assert shelves.runs.due(LATER) == shelves.runs.due(date(2026, 8, 1)) == [run]


def test_today_in_paris_is_not_past_even_when_the_day_is_over_in_utc(shelves):
    shelves.clock.now = shelves.clock.now.replace(hour=22, minute=30)
    run = deposited(shelves)
    assert refusal(publish_run, run, DAY, shelves=shelves) == "past-day"
    assert publish_run(run, date(2026, 6, 11), by="Camille", shelves=shelves).state is RunState.PUBLISHED


def test_the_day_may_change_until_the_mailing_starts(shelves):
    run = deposited(shelves)
    publish_run(run, LATER, by="Camille", shelves=shelves)
    assert publish_run(run, DAY, by="Camille", shelves=shelves).publish_on == DAY
    started(shelves, run)
    assert refusal(publish_run, run, LATER, shelves=shelves) == "is-mailing"


def test_unresolved_errors_are_refused_until_the_desk_settles_them(shelves):
    run = deposited(shelves, invoice("1"), invoice("8", "personne"))
    assert refusal(publish_run, run, LATER, shelves=shelves) == "unresolved-errors"
    settled = settle_run_errors(run, by="Dominique", shelves=shelves)
    assert [(event.event, event.by, event.detail) for event in settled.trace][-1] == (
        "errors_settled",
        "Dominique",
        "1",
    )
    assert settled.bad_lines == 1
    assert publish_run(run, LATER, by="Camille", shelves=shelves).figures.invoices == 1
    assert refusal(settle_run_errors, run, shelves=shelves) == "is-published"


def test_a_run_without_invoices_or_without_errors_to_settle_is_refused(shelves):
    nothing = deposited(shelves, invoice("8", "personne"))
    settle_run_errors(nothing, by="Camille", shelves=shelves)
    assert refusal(publish_run, nothing, LATER, shelves=shelves) == "no-invoice"
    assert refusal(settle_run_errors, nothing, shelves=shelves) == "nothing-to-settle"


def test_a_run_whose_file_was_not_wholly_read_is_refused(shelves):
    shelves.runs.writes.fail_on = 5
    with pytest.raises(Unavailable):
        deposited(shelves)
    shelves.runs.writes.fail_on = None
    assert refusal(publish_run, billing_file(*GOOD).run_name(), LATER, shelves=shelves) == "not-imported"


def test_a_run_that_misses_an_invoice_is_refused(shelves):
    run = deposited(shelves)
    del shelves.shelves.invoices.held["dupont", "3"]
    assert refusal(publish_run, run, LATER, shelves=shelves) == "incomplete"


def test_an_unknown_run_is_not_found(shelves):
    for verb in (cancel_run, settle_run_errors):
        with pytest.raises(NotFound):
            verb("2026-06-0000000000", by="Camille", shelves=shelves)


def test_a_cancelled_run_is_taken_back_with_its_numbers_and_leaves_its_trace(shelves):
    run, removed = cancel_run(deposited(shelves), by="Dominique", shelves=shelves)
    assert (run.state, removed, run.figures.invoices) == (RunState.CANCELLED, 3, 3)
    assert [(event.event, event.by) for event in run.trace][-2:] == [
        ("cancelled", "Dominique"),
        ("withdrawn", "Dominique"),
    ]
    assert shelves.shelves.invoices.held == shelves.shelves.invoices.numbers == {}
    deposited(shelves, invoice("1", "martin"))
    assert shelves.shelves.invoices.numbers == {"1": "martin"}


def test_a_published_run_may_be_cancelled_until_it_starts(shelves):
    run = deposited(shelves)
    publish_run(run, LATER, by="Camille", shelves=shelves)
    assert cancel_run(run, by="Camille", shelves=shelves)[0].publish_on is None
    assert shelves.runs.due(LATER) == []


def test_a_run_that_started_can_no_more_be_cancelled(shelves):
    run = deposited(shelves)
    publish_run(run, DAY, by="Camille", shelves=shelves)
    started(shelves, run)
    assert refusal(cancel_run, run, shelves=shelves) == "is-mailing"
    assert len(shelves.shelves.invoices.held) == 3


def test_a_cancellation_stopped_anywhere_is_completed_by_the_next_one():
    for stop in range(8):
        shelves = run_shelves()
        run = deposited(shelves)
        shelves.runs.writes.fail_on = shelves.runs.writes.done + stop
        with pytest.raises(Unavailable):
            cancel_run(run, by="Camille", shelves=shelves)
        shelves.runs.writes.fail_on = None
        ended, _ = cancel_run(run, by="Camille", shelves=shelves)
        assert (ended.state, shelves.shelves.invoices.held) == (RunState.CANCELLED, {})
        assert shelves.shelves.invoices.numbers == {}


def test_the_same_file_opens_a_cancelled_run_again_once_it_is_empty(shelves):
    run = deposited(shelves)
    shelves.runs.writes.fail_on = shelves.runs.writes.done + 3
    with pytest.raises(Unavailable):
        cancel_run(run, by="Camille", shelves=shelves)
    shelves.runs.writes.fail_on = None
    with pytest.raises(RunRefused):
        deposited(shelves)
    cancel_run(run, by="Camille", shelves=shelves)
    assert deposited(shelves) == run
    assert (shelves.runs.find(run).state, len(shelves.shelves.invoices.held)) == (RunState.TO_CHECK, 3)


def test_cancelling_never_takes_an_issued_invoice(shelves):
    run = deposited(shelves)
    assert shelves.shelves.invoices.issue("dupont", "1", run=run).state is InvoiceState.ISSUED
    assert cancel_run(run, by="Camille", shelves=shelves)[1] == 2
    assert set(shelves.shelves.invoices.held) == {("dupont", "1")}
    assert shelves.shelves.invoices.numbers == {"1": "dupont"}


def test_an_agent_who_meets_another_is_heard_on_what_then_stands(shelves):
    run = deposited(shelves)
    other = iter([lambda: publish_run(run, LATER, by="Dominique", shelves=shelves)])

    def change(found):
        next(other, lambda: None)()
        return found.noting(shelves.event("looked", "Camille"))

    changed = change_run(run, change, runs=shelves.runs)
    assert [event.event for event in changed.trace][-2:] == ["published", "looked"]
