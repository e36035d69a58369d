"""A run's name, its days, its steps, and how it compares with the one before it."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain import billing_run as steps
from chalicelib.domain.billing_run import BillingRun, Figures, RunEvent, RunKind, RunState, run_name
from chalicelib.domain.run_report import appeared_and_vanished, compare
from chalicelib.errors import RunRefused

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
TODAY, LATER = date(2026, 6, 10), date(2026, 7, 1)
EVENT = RunEvent(event="tried", at=NOON, by="Camille")
STEPS = {
    "publish": lambda run: steps.publish(run, LATER, today=TODAY, event=EVENT),
    "cancel": lambda run: steps.cancel(run, EVENT),
    "start": lambda run: steps.start_mailing(run, "execution", EVENT),
    "close": lambda run: steps.close(run, "report", EVENT),
}
ALLOWED = {
    RunState.TO_CHECK: {"publish", "cancel"},
    RunState.PUBLISHED: {"publish", "cancel", "start"},
    RunState.MAILING: {"close"},
    RunState.CLOSED: set(),
    RunState.CANCELLED: set(),
}


def a_run(**changes):
    facts = {"filename": "f.csv", "sha256": "ab" * 32, "deposited_at": NOON, "deposited_by": "Camille"}
    checked = {"imported_at": NOON, "figures": Figures(invoices=3, total_cents=900)}
    return BillingRun(run="2026-05-abababab", **facts | checked | changes)


def test_a_name_sorts_by_month_and_means_one_file():
    assert run_name(TODAY, "0123456789abcdef") == "2026-06-0123456789"
    assert run_name(date(2026, 10, 1), "0" * 64) > run_name(date(2026, 9, 1), "f" * 64)
    assert run_name(TODAY, "0123456789abcdef", RunKind.DIRECT) == "2026-06-0123456789-direct"


@pytest.mark.parametrize("state", RunState)
@pytest.mark.parametrize("step", STEPS)
def test_a_run_takes_only_the_steps_of_its_state(state, step):
    if step in ALLOWED[state]:
        assert STEPS[step](a_run(state=state)).trace == (EVENT,)
    else:
        with pytest.raises(RunRefused):
            STEPS[step](a_run(state=state))


def test_a_run_goes_from_its_publication_to_its_end():
    published = steps.publish(a_run(), TODAY, today=TODAY, event=EVENT)
    assert (published.due(TODAY), published.due(date(2026, 6, 9))) == (True, False)
    mailing = steps.start_mailing(published, "2026-05-abababab", EVENT)
    assert (mailing.due(TODAY), mailing.mailing.execution, mailing.mailing.started_at) == (True, mailing.run, NOON)
    closed = steps.close(mailing, "rapport.json", EVENT)
    assert (closed.due(TODAY), closed.state, closed.mailing.report_key) == (False, RunState.CLOSED, "rapport.json")


def test_a_run_published_again_for_its_day_or_by_the_same_event_stays_as_it_is():
    published = steps.publish(a_run(), LATER, today=TODAY, event=EVENT)
    repeated = EVENT.model_copy(update={"at": NOON.replace(hour=11)})
    assert steps.publish(published, LATER, today=TODAY, event=repeated) == published
    moved = steps.publish(published, TODAY, today=TODAY, event=repeated)
    assert (moved.publish_on, moved.trace) == (TODAY, (EVENT, repeated))
    assert steps.publish(moved, LATER, today=TODAY, event=EVENT) == moved, "answered late, it takes back no later day"


@pytest.mark.parametrize("step", ["publish", "cancel"])
def test_a_direct_import_is_neither_published_nor_cancelled(step):
    with pytest.raises(RunRefused, match="is-direct"):
        STEPS[step](a_run(kind=RunKind.DIRECT))


@pytest.mark.parametrize(
    ("changes", "to_read"),
    [
        ({}, False),
        ({"imported_at": None}, True),
        ({"unresolved": 1}, True),
        ({"unresolved": 1, "state": RunState.PUBLISHED}, False),
        ({"state": RunState.CLOSED}, False),
        ({"state": RunState.CLOSED, "kind": RunKind.DIRECT}, True),
    ],
)
def test_a_file_is_read_again_only_when_it_has_something_to_give(changes, to_read):
    assert a_run(**changes).to_read is to_read


def test_two_runs_are_compared_account_by_account():
    held = {"gone": 500, "same": 100, **{f"a{n:02d}": 1000 for n in range(12)}}
    given = {"new": -300, "same": 100, **{f"a{n:02d}": 1000 - n for n in range(12)}}
    comparison = compare(a_run(), held, given)
    assert (comparison.run, comparison.invoices, comparison.total_cents) == ("2026-05-abababab", 3, 900)
    assert (comparison.appeared, comparison.vanished) == (1, 1)
    assert [one.change_cents for one in comparison.largest] == [-n for n in range(11, 1, -1)]
    assert appeared_and_vanished(held, given) == {"appeared": {"new": -300}, "vanished": {"gone": 500}}
