"""The clock's turn: what is due in Paris is started once, and what was lost is started again."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.billing_run import RunState
from chalicelib.formats import day_in_paris
from chalicelib.services.billing.import_run import deposit
from chalicelib.services.billing.publish_run import publish_run
from chalicelib.services.mailing.schedule import Backlog, backlog, press, press_reminders
from tests.support.fakes.run_shelves import billing_file, run_shelves
from tests.support.people import invoice


class Executions:
    """Executions by name, made by hand."""

    def __init__(self):
        self.held = {}

    def status(self, name):
        return self.held.get(name)

    def start(self, name, given):
        return self.held.setdefault(name, "RUNNING") is not None and bool(given)


@pytest.fixture
def shelves():
    return run_shelves()


@pytest.fixture
def executions():
    return Executions()


def published(shelves, day):
    run = deposit(billing_file(invoice("1")), by="Camille", shelves=shelves).run
    return publish_run(run.run, day, by="Camille", shelves=shelves).run


def pressed(shelves, executions, at):
    shelves.clock.now = at
    return press(by="tick", executions=executions, shelves=shelves)


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
def test_a_run_starts_at_midnight_in_paris_on_both_clock_changes_too(shelves, executions, day, before, midnight):
    run = published(shelves, date.fromisoformat(day))
    assert pressed(shelves, executions, datetime.fromisoformat(before).replace(tzinfo=UTC)) == []
    assert pressed(shelves, executions, datetime.fromisoformat(midnight).replace(tzinfo=UTC)) == [run]


def test_every_day_of_two_years_begins_once(shelves):
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(730 * 24)]
    days = [day_in_paris(hour) for hour in hours]
    begun = [later for earlier, later in itertools.pairwise(days) if later != earlier]
    assert begun == sorted(set(begun))
    assert all((later - earlier).days == 1 for earlier, later in itertools.pairwise(begun))


def test_six_hours_without_a_tick_are_caught_up_by_the_next_one(shelves, executions):
    run = published(shelves, date(2026, 7, 1))
    assert pressed(shelves, executions, datetime(2026, 7, 1, 4, 0, tzinfo=UTC)) == [run]
    assert shelves.runs.find(run).state is RunState.MAILING


def test_an_execution_that_ended_without_closing_its_run_is_followed_by_another(shelves, executions):
    run, noon = published(shelves, date(2026, 7, 1)), datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    pressed(shelves, executions, noon)
    assert pressed(shelves, executions, noon) == []
    executions.held[run] = "FAILED"
    assert pressed(shelves, executions, noon) == [f"{run}-reprise-2"]
    executions.held[f"{run}-reprise-2"] = "SUCCEEDED"
    assert pressed(shelves, executions, noon) == [f"{run}-reprise-3"]


def test_a_tick_that_died_after_marking_the_run_is_completed_by_the_next(shelves, executions):
    run, noon = published(shelves, date(2026, 7, 1)), datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    pressed(shelves, executions, noon)
    executions.held.clear()
    assert pressed(shelves, executions, noon) == [run]


def test_reminders_that_succeeded_are_not_started_again_that_day(shelves, executions):
    noon = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    shelves.clock.now = noon
    assert press_reminders(executions=executions, clock=shelves.clock) == "rappels-2026-07-01"
    executions.held["rappels-2026-07-01"] = "SUCCEEDED"
    assert press_reminders(executions=executions, clock=shelves.clock) == ""
    shelves.clock.now = noon + timedelta(days=1)
    assert press_reminders(executions=executions, clock=shelves.clock) == "rappels-2026-07-02"


def test_the_backlog_counts_started_runs_and_hours_since_the_day_of_the_oldest_began(shelves, executions):
    run, midnight = published(shelves, date(2026, 7, 1)), datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
    shelves.clock.now = midnight - timedelta(minutes=1)
    assert backlog(shelves) == Backlog(unclosed=0, undelivered_hours=0)
    shelves.clock.now = midnight + timedelta(hours=5, minutes=59)
    assert backlog(shelves) == Backlog(unclosed=0, undelivered_hours=5)
    pressed(shelves, executions, midnight + timedelta(hours=30))
    assert backlog(shelves) == Backlog(unclosed=1, undelivered_hours=30)
    held = shelves.runs.find(run)
    shelves.runs.replace(held, held.model_copy(update={"state": RunState.CLOSED}))
    assert backlog(shelves) == Backlog(unclosed=0, undelivered_hours=0)


def test_runs_that_are_due_at_once_share_the_rate_of_the_provider(shelves):
    asked = []

    class Told(Executions):
        def start(self, name, given):
            asked.append(given["together"])
            return super().start(name, given)

    published(shelves, date(2026, 7, 1))
    other = deposit(billing_file(invoice("2")), by="Camille", shelves=shelves).run
    publish_run(other.run, date(2026, 7, 1), by="Camille", shelves=shelves)
    shelves.clock.now = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert len(press(by="tick", executions=Told(), shelves=shelves, beside=1)) == 2
    assert asked == ["3", "3"]
