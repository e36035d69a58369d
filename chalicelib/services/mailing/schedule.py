"""The clock's turn: what is due today in Paris is started once, and what was lost on the way is started again."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from chalicelib.clock import Clock
from chalicelib.domain.billing_run import BillingRun, RunEvent, RunState, start_mailing
from chalicelib.formats import day_begins, day_in_paris
from chalicelib.store.executions import RUNNING, SUCCEEDED, ExecutionStore
from chalicelib.store.runs import RunStore
from chalicelib.stores import Stores

MOST = 200
"""Executions that one run may come to: an hourly clock takes a week of a quota that is too small for it."""


def start_due_runs(*, by: str, stores: Stores, clock: Clock, beside: int = 0) -> list[str]:
    """Start what is due: a run published for today or before, or one whose execution ended without closing it.

    What is under way at once shares SES's rate, with `beside` others. Answers the names of the executions started by
    this call. Safe to repeat, and to do three times at once. Raises Unavailable.
    """
    due = stores.runs.due(day_in_paris(clock()))
    together = len(due) + beside
    started = [start_run(run, by=by, stores=stores, clock=clock, together=together) for run in due]
    return [name for name in started if name]


def start_run(run: BillingRun, *, by: str, stores: Stores, clock: Clock, together: int = 1) -> str:
    """Start the run's execution, unless one is under way; the name of what was started, or nothing.

    The run is marked first: whatever stops us in between, the next tick goes on.
    """
    event = RunEvent(event="mailing_started", at=clock(), by=by)

    def marked(held: BillingRun) -> BillingRun:
        return start_mailing(held, held.run, event) if held.state is RunState.PUBLISHED else held

    stores.runs.change(run.run, marked)
    given = {"kind": "run", "run": run.run, "together": str(together)}
    return start_next(run.run, given, executions=stores.executions, done=lambda status: False)


def start_next(name: str, given: dict[str, str], *, executions: ExecutionStore, done: Callable[[str], bool]) -> str:
    """Start the first execution of this name that was never started, unless one runs or `done` says it is enough."""
    for rank in range(1, MOST + 1):
        numbered = execution_name(name, rank)
        status = executions.status(numbered)
        if status is None:
            return numbered if executions.start(numbered, {**given, "round": str(rank)}) else ""
        if status == RUNNING or done(status):
            return ""
    return ""


class Backlog(NamedTuple):
    """What is due and not closed: runs whose workflow was started, and the age of the oldest invoice of any (hours)."""

    unclosed: int
    undelivered_hours: int


def backlog(*, runs: RunStore, clock: Clock) -> Backlog:
    """For the clock's log, from which alarms are made: a run is closed as soon as each invoice has its outcome, and its
    invoices wait from the first minute of the day that it was published for. Raises Unavailable.
    """
    now = clock()
    due = runs.due(day_in_paris(now))
    ages = [now - day_begins(run.publish_on) for run in due if run.publish_on]
    unclosed = sum(run.state is RunState.MAILING for run in due)
    return Backlog(unclosed, int(max(ages, default=timedelta()) / timedelta(hours=1)))


def running(name: str, *, executions: ExecutionStore) -> bool:
    """An execution of this name is under way. Raises Unavailable."""
    for rank in range(1, MOST + 1):
        status = executions.status(execution_name(name, rank))
        if status is None:
            return False
        if status == RUNNING:
            return True
    return False


def execution_name(name: str, rank: int) -> str:
    """« 2026-06-3f9a1c2b04 », then « 2026-06-3f9a1c2b04-reprise-2 »."""
    return name if rank == 1 else f"{name}-reprise-{rank}"


def start_reminders(*, executions: ExecutionStore, clock: Clock, beside: int = 0) -> str:
    """Start today's reminders, once, to share SES's rate with `beside` runs; the name of what was started, or nothing.

    Raises Unavailable.
    """
    today = day_in_paris(clock())
    given = {"kind": "reminders", "run": f"rappels-{today.isoformat()}", "together": str(1 + beside)}
    return start_next(given["run"], given, executions=executions, done=lambda status: status == SUCCEEDED)
