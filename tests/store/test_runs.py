"""The shelf of billing runs, the fake of our tests and DynamoDB alike."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.billing_run import (
    AmountChange,
    BillingRun,
    Comparison,
    Figures,
    MailingFacts,
    RunEvent,
    RunKind,
    RunState,
)
from chalicelib.errors import NotFound

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
DAY = date(2026, 6, 10)


@pytest.fixture
def runs(stores):
    return stores.runs


def a_run(name="2026-06-0123456789", **changes):
    facts = {"filename": "factures.csv", "sha256": "01" * 32, "deposited_at": NOON, "deposited_by": "Camille"}
    return BillingRun(run=name, **facts | {"imported_at": NOON} | changes)


def full_run():
    change = AmountChange(username="dupont", before_cents=-100, after_cents=5700)
    return a_run(
        state=RunState.MAILING,
        figures=Figures(invoices=2, total_cents=-120, credits=1),
        comparison=Comparison(run="x", invoices=1, total_cents=3, appeared=1, vanished=0, largest=(change,)),
        publish_on=DAY,
        mailing=MailingFacts(execution="2026-06-0123456789", started_at=NOON),
        trace=(RunEvent(event="deposited", at=NOON, by="Camille"),),
    )


def test_what_is_written_is_read(runs):
    assert runs.add(full_run())
    assert runs.find(full_run().run) == full_run()
    assert runs.find("2026-06-unknown") is None


def test_a_run_is_added_once(runs):
    assert runs.add(a_run())
    assert not runs.add(a_run(filename="autre.csv"))
    assert runs.find(a_run().run).filename == "factures.csv"


def test_a_change_is_written_unless_somebody_wrote_in_between(runs):
    runs.add(a_run())
    first = runs.replace(a_run(), a_run(state=RunState.PUBLISHED, publish_on=DAY))
    assert (first.version, first.state, first.publish_on) == (1, RunState.PUBLISHED, DAY)
    assert runs.replace(a_run(), a_run(state=RunState.CANCELLED)) is None
    assert runs.find(a_run().run) == first
    assert runs.replace(first, first.model_copy(update={"publish_on": None})).publish_on is None


def test_our_own_change_answered_late_is_not_another_s(runs):
    runs.add(a_run())
    wanted = a_run(state=RunState.PUBLISHED, publish_on=DAY)
    first = runs.replace(a_run(), wanted)
    assert runs.replace(a_run(), wanted) == first == runs.find(a_run().run)
    runs.replace(first, first.model_copy(update={"publish_on": None}))
    assert runs.replace(a_run(), wanted) is None


def test_the_latest_come_first(runs):
    for hours in (2, 0, 1):
        runs.add(a_run(f"run-{hours}", deposited_at=NOON + timedelta(hours=hours)))
    assert [run.run for run in runs.latest(2)] == ["run-2", "run-1"]


def test_due_are_those_whose_day_has_come_and_those_not_closed(runs):
    for name, state, day in (
        ("today", RunState.PUBLISHED, DAY),
        ("late", RunState.PUBLISHED, DAY - timedelta(days=3)),
        ("tomorrow", RunState.PUBLISHED, DAY + timedelta(days=1)),
        ("begun", RunState.MAILING, DAY),
        ("checked", RunState.TO_CHECK, None),
        ("closed", RunState.CLOSED, DAY),
        ("cancelled", RunState.CANCELLED, None),
    ):
        runs.add(a_run(name, state=state, publish_on=day))
    assert [run.run for run in runs.due(DAY)] == ["late", "begun", "today"]


def test_before_a_run_is_the_last_campaign_that_was_taken_in(runs):
    for age, name, changes in (
        (1, "direct", {"kind": RunKind.DIRECT}),
        (2, "cancelled", {"state": RunState.CANCELLED}),
        (3, "half-read", {"imported_at": None}),
        (4, "no-invoice", {"figures": Figures(), "bad_lines": 1}),
        (5, "last", {}),
        (6, "older", {}),
    ):
        facts = {"figures": Figures(invoices=1)} | changes
        runs.add(a_run(name, deposited_at=NOON - timedelta(days=age), **facts))
    runs.add(a_run("later", deposited_at=NOON + timedelta(days=1)))
    assert runs.before(a_run()).run == "last"
    assert runs.before(a_run(deposited_at=NOON - timedelta(days=9))) is None


def test_the_very_same_run_is_added_once_too(runs):
    run = a_run()
    assert runs.add(run)
    assert not runs.add(run)
    assert list(runs.every()) == [run]


def test_a_run_that_is_not_there_is_not_found_and_not_replaced(runs):
    with pytest.raises(NotFound):
        runs.get("2026-06-unknown")
    with pytest.raises(NotFound):
        runs.change("2026-06-unknown", lambda run: run)
    assert runs.replace(a_run(), a_run(state=RunState.CANCELLED)) is None
    assert list(runs.every()) == []


def test_a_change_is_applied_to_the_run_as_it_stands_and_nothing_changed_writes_nothing(runs):
    runs.add(a_run())
    assert runs.change(a_run().run, lambda run: run) == a_run()
    changed = runs.change(a_run().run, lambda run: run.model_copy(update={"bad_lines": run.bad_lines + 2}))
    assert (changed.version, changed.bad_lines) == (1, 2)
    assert runs.get(a_run().run) == changed


def test_what_a_change_does_not_name_stays_as_it_stands(runs):
    runs.add(a_run(bad_lines=3))
    assert runs.replace(a_run(), a_run(state=RunState.PUBLISHED)).bad_lines == 3
