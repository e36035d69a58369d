"""The clock's turn: what is due in Paris is started once, and what was lost is started again."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.billing_run import RunState
from chalicelib.formats import day_in_paris
from chalicelib.services.billing.import_run import import_run
from chalicelib.services.billing.publish_run import publish_run
from chalicelib.services.mailing.schedule import Backlog, backlog, start_due_runs, start_reminders
from tests.support.fakes.executions import FakeExecutions
from tests.support.fakes.stores import memory_stores
from tests.support.files import billing_file
from tests.support.people import DUPONT, MARTIN, invoice


@pytest.fixture
def stores():
    return memory_stores(accounts=[DUPONT, MARTIN])


@pytest.fixture
def executions():
    return FakeExecutions()


def published(stores, day):
    run = import_run(billing_file(invoice("1")), by="Camille", stores=stores, clock=stores.clock).run
    return publish_run(run.run, day, by="Camille", stores=stores, clock=stores.clock).run


def pressed(stores, executions, at):
    stores.clock.now, stores.executions = at, executions
    return start_due_runs(by="tick", stores=stores, clock=stores.clock)


@pytest.mark.parametrize(
    ("day", "before", "midnight"),
    [
        ("2026-07-01", "2026-06-30T21:59", "2026-06-30T22:00"),
        ("2027-01-15", "2027-01-14T22:59", "2027-01-14T23:00"),
        ("2026-10-25", "2026-10-24T21:59", "2026-10-24T22:00"),
        ("2026-10-26", "2026-10-25T22:59", "2026-10-25T23:00"),
        ("2027-03-28", "2027-03-27T22:59", "2027-03-27T23:00"),
        ("2027-03-29", "2027-03-28T21:59", "2027-03-28T22:00"),
    ],
)
def test_a_run_starts_at_midnight_in_paris_on_both_clock_changes_too(stores, executions, day, before, midnight):
    run = published(stores, date.fromisoformat(day))
    assert pressed(stores, executions, datetime.fromisoformat(before).replace(tzinfo=UTC)) == []
    assert pressed(stores, executions, datetime.fromisoformat(midnight).replace(tzinfo=UTC)) == [run]


def test_every_day_of_two_years_begins_once(stores):
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(730 * 24)]
    days = [day_in_paris(hour) for hour in hours]
    begun = [later for earlier, later in itertools.pairwise(days) if later != earlier]
    assert begun == sorted(set(begun))
    assert all((later - earlier).days == 1 for earlier, later in itertools.pairwise(begun))


def test_six_hours_without_a_tick_are_caught_up_by_the_next_one(stores, executions):
    run = published(stores, date(2026, 7, 1))
    assert pressed(stores, executions, datetime(2026, 7, 1, 4, 0, tzinfo=UTC)) == [run]
    assert stores.runs.find(run).state is RunState.MAILING


def test_an_execution_that_ended_without_closing_its_run_is_followed_by_another(stores, executions):
    run, noon = published(stores, date(2026, 7, 1)), datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    pressed(stores, executions, noon)
    assert pressed(stores, executions, noon) == []
    executions.items[run] = "FAILED"
    assert pressed(stores, executions, noon) == [f"{run}-reprise-2"]
    executions.items[f"{run}-reprise-2"] = "SUCCEEDED"
    assert pressed(stores, executions, noon) == [f"{run}-reprise-3"]


def test_a_tick_that_died_after_marking_the_run_is_completed_by_the_next(stores, executions):
    run, noon = published(stores, date(2026, 7, 1)), datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    pressed(stores, executions, noon)
    executions.items.clear()
    assert pressed(stores, executions, noon) == [run]


def test_reminders_that_succeeded_are_not_started_again_that_day(stores, executions):
    noon = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    stores.clock.now = noon
    assert start_reminders(executions=executions, clock=stores.clock) == "rappels-2026-07-01"
    executions.items["rappels-2026-07-01"] = "SUCCEEDED"
    assert start_reminders(executions=executions, clock=stores.clock) == ""
    stores.clock.now = noon + timedelta(days=1)
    assert start_reminders(executions=executions, clock=stores.clock) == "rappels-2026-07-02"


def test_the_backlog_counts_started_runs_and_hours_since_the_day_of_the_oldest_began(stores, executions):
    run, midnight = published(stores, date(2026, 7, 1)), datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
    stores.clock.now = midnight - timedelta(minutes=1)
    assert backlog(runs=stores.runs, clock=stores.clock) == Backlog(unclosed=0, undelivered_hours=0)
    stores.clock.now = midnight + timedelta(hours=5, minutes=59)
    assert backlog(runs=stores.runs, clock=stores.clock) == Backlog(unclosed=0, undelivered_hours=5)
    pressed(stores, executions, midnight + timedelta(hours=30))
    assert backlog(runs=stores.runs, clock=stores.clock) == Backlog(unclosed=1, undelivered_hours=30)
    held = stores.runs.find(run)
    stores.runs.replace(held, held.model_copy(update={"state": RunState.CLOSED}))
    assert backlog(runs=stores.runs, clock=stores.clock) == Backlog(unclosed=0, undelivered_hours=0)


def test_runs_that_are_due_at_once_share_the_rate_of_the_provider(stores):
    asked = []

    class Told(FakeExecutions):
        def start(self, name, given):
            asked.append(given["together"])
            return super().start(name, given)

    published(stores, date(2026, 7, 1))
    other = import_run(billing_file(invoice("2")), by="Camille", stores=stores, clock=stores.clock).run
    publish_run(other.run, date(2026, 7, 1), by="Camille", stores=stores, clock=stores.clock)
    stores.clock.now = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    stores.executions = Told()
    assert len(start_due_runs(by="tick", stores=stores, clock=stores.clock, others=1)) == 2
    assert asked == ["3", "3"]
