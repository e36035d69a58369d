"""A run is published for a day once nothing in it is undecided; given up, it leaves nothing but its trace."""

from datetime import date

import pytest

from chalicelib.domain.billing_run import RunEvent, RunState, start_mailing
from chalicelib.domain.invoice import InvoiceState
from chalicelib.errors import NotFound, RunRefused, Unavailable
from chalicelib.services.billing.cancel_run import cancel_run
from chalicelib.services.billing.import_run import import_run
from chalicelib.services.billing.publish_run import discard_bad_lines, publish_run
from tests.support.fakes.stores import memory_stores
from tests.support.files import DAY, billing_file
from tests.support.people import DUPONT, MARTIN, invoice

GOOD = [invoice("1"), invoice("2", "martin"), invoice("3")]
LATER = date(2026, 7, 2)


@pytest.fixture
def stores():
    return memory_stores(accounts=[DUPONT, MARTIN])


def deposited(stores, *invoices, end=""):
    return import_run(
        billing_file(*(invoices or GOOD), end=end), by="Camille", stores=stores, clock=stores.clock
    ).run.run


def started(stores, run):
    event = RunEvent(event="mailing_started", at=stores.clock(), by="tick")
    return stores.runs.change(run, lambda found: start_mailing(found, run, event))


def refusal(call, *arguments, stores):
    with pytest.raises(RunRefused) as caught:
        call(*arguments, by="Camille", stores=stores, clock=stores.clock)
    return caught.value.reason


def test_a_checked_run_is_published_for_a_day_and_due_on_it(stores):
    run = publish_run(deposited(stores), LATER, by="Camille", stores=stores, clock=stores.clock)
    assert (run.state, run.publish_on) == (RunState.PUBLISHED, LATER)
    assert stores.runs.due(date(2026, 7, 1)) == []
    assert stores.runs.due(LATER) == stores.runs.due(date(2026, 8, 1)) == [run]


def test_today_in_paris_is_not_past_even_when_the_day_is_over_in_utc(stores):
    stores.clock.now = stores.clock.now.replace(hour=22, minute=30)
    run = deposited(stores)
    assert refusal(publish_run, run, DAY, stores=stores) == "past-day"
    assert (
        publish_run(run, date(2026, 6, 11), by="Camille", stores=stores, clock=stores.clock).state is RunState.PUBLISHED
    )


def test_the_day_may_change_until_the_mailing_starts(stores):
    run = deposited(stores)
    publish_run(run, LATER, by="Camille", stores=stores, clock=stores.clock)
    assert publish_run(run, DAY, by="Camille", stores=stores, clock=stores.clock).publish_on == DAY
    started(stores, run)
    assert refusal(publish_run, run, LATER, stores=stores) == "is-mailing"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_publication_whose_answer_was_lost_is_noted_once_when_it_is_repeated(stores, when):
    run = deposited(stores)
    stores.writes.fail_at = {stores.writes.done: when}
    with pytest.raises(Unavailable):
        publish_run(run, LATER, by="Camille", stores=stores, clock=stores.clock)
    stores.clock.advance(minutes=1)
    again = publish_run(run, LATER, by="Camille", stores=stores, clock=stores.clock)
    assert [event.detail for event in again.trace if event.event == "published"] == ["2026-07-02"]


def test_a_publication_that_another_agent_moved_before_it_was_answered_is_noted_once(stores):
    run, replace = deposited(stores), stores.runs.replace

    def answer_lost(before, after):
        stores.runs.replace = replace
        replace(before, after)
        publish_run(run, DAY, by="Dominique", stores=stores, clock=stores.clock)

    stores.runs.replace = answer_lost
    ended = publish_run(run, LATER, by="Camille", stores=stores, clock=stores.clock)
    noted = [(event.by, event.detail) for event in ended.trace if event.event == "published"]
    assert (noted, ended.publish_on) == ([("Camille", "2026-07-02"), ("Dominique", "2026-06-10")], DAY)


def test_unresolved_errors_are_refused_until_the_desk_settles_them(stores):
    run = deposited(stores, invoice("1"), invoice("8", "personne"))
    assert refusal(publish_run, run, LATER, stores=stores) == "unresolved-errors"
    settled = discard_bad_lines(run, by="Dominique", stores=stores, clock=stores.clock)
    assert [(event.event, event.by, event.detail) for event in settled.trace][-1] == (
        "errors_settled",
        "Dominique",
        "1",
    )
    assert settled.bad_lines == 1
    assert publish_run(run, LATER, by="Camille", stores=stores, clock=stores.clock).figures.invoices == 1
    assert refusal(discard_bad_lines, run, stores=stores) == "is-published"


def test_a_run_without_invoices_or_without_errors_to_settle_is_refused(stores):
    nothing = deposited(stores, invoice("8", "personne"))
    discard_bad_lines(nothing, by="Camille", stores=stores, clock=stores.clock)
    assert refusal(publish_run, nothing, LATER, stores=stores) == "no-invoice"
    assert refusal(discard_bad_lines, nothing, stores=stores) == "nothing-to-settle"


def test_a_run_whose_file_was_not_wholly_read_is_refused(stores):
    stores.writes.fail_from = 5
    with pytest.raises(Unavailable):
        deposited(stores)
    stores.writes.fail_from = None
    assert refusal(publish_run, billing_file(*GOOD).run_name(), LATER, stores=stores) == "not-imported"


def test_a_run_that_misses_an_invoice_is_refused(stores):
    run = deposited(stores)
    del stores.invoices.items["dupont", "3"]
    assert refusal(publish_run, run, LATER, stores=stores) == "incomplete"


def test_an_unknown_run_is_not_found(stores):
    for verb in (cancel_run, discard_bad_lines):
        with pytest.raises(NotFound):
            verb("2026-06-0000000000", by="Camille", stores=stores, clock=stores.clock)


def test_a_cancelled_run_is_taken_back_with_its_numbers_and_leaves_its_trace(stores):
    run, removed = cancel_run(deposited(stores), by="Dominique", stores=stores, clock=stores.clock)
    assert (run.state, removed, run.figures.invoices) == (RunState.CANCELLED, 3, 3)
    assert [(event.event, event.by) for event in run.trace][-2:] == [
        ("cancelled", "Dominique"),
        ("withdrawn", "Dominique"),
    ]
    assert stores.invoices.items == stores.invoices.claims == {}
    deposited(stores, invoice("1", "martin"))
    assert stores.invoices.owners(["1"]) == {"1": "martin"}


def test_a_published_run_may_be_cancelled_until_it_starts(stores):
    run = deposited(stores)
    publish_run(run, LATER, by="Camille", stores=stores, clock=stores.clock)
    assert cancel_run(run, by="Camille", stores=stores, clock=stores.clock)[0].publish_on is None
    assert stores.runs.due(LATER) == []


def test_a_run_that_started_can_no_more_be_cancelled(stores):
    run = deposited(stores)
    publish_run(run, DAY, by="Camille", stores=stores, clock=stores.clock)
    started(stores, run)
    assert refusal(cancel_run, run, stores=stores) == "is-mailing"
    assert len(stores.invoices.items) == 3


def test_a_cancellation_stopped_anywhere_is_completed_by_the_next_one():
    for stop in range(8):
        stores = memory_stores(accounts=[DUPONT, MARTIN])
        run = deposited(stores)
        stores.writes.fail_from = stores.writes.done + stop
        with pytest.raises(Unavailable):
            cancel_run(run, by="Camille", stores=stores, clock=stores.clock)
        stores.writes.fail_from = None
        ended, _ = cancel_run(run, by="Camille", stores=stores, clock=stores.clock)
        assert (ended.state, stores.invoices.items) == (RunState.CANCELLED, {})
        assert stores.invoices.claims == {}


def test_the_same_file_opens_a_cancelled_run_again_once_it_is_empty(stores):
    run = deposited(stores)
    stores.writes.fail_from = stores.writes.done + 3
    with pytest.raises(Unavailable):
        cancel_run(run, by="Camille", stores=stores, clock=stores.clock)
    stores.writes.fail_from = None
    with pytest.raises(RunRefused):
        deposited(stores)
    cancel_run(run, by="Camille", stores=stores, clock=stores.clock)
    assert deposited(stores) == run
    assert (stores.runs.find(run).state, len(stores.invoices.items)) == (RunState.TO_CHECK, 3)


def test_cancelling_never_takes_an_issued_invoice(stores):
    run = deposited(stores)
    assert stores.invoices.issue("dupont", "1", run=run).state is InvoiceState.ISSUED
    assert cancel_run(run, by="Camille", stores=stores, clock=stores.clock)[1] == 2
    assert set(stores.invoices.items) == {("dupont", "1")}
    assert set(stores.invoices.claims) == {"1"}


def test_an_agent_who_meets_another_is_heard_on_what_then_stands(stores):
    run = deposited(stores)
    other = iter([lambda: publish_run(run, LATER, by="Dominique", stores=stores, clock=stores.clock)])

    def change(found):
        next(other, lambda: None)()
        return found.with_event(RunEvent(event="looked", at=stores.clock(), by="Camille"))

    changed = stores.runs.change(run, change)
    assert [event.event for event in changed.trace][-2:] == ["published", "looked"]
