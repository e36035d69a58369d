"""Scheduled start of mailings: start the runs and reminders due today (Paris) once, restart what stopped early."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from chalicelib.clock import Clock
from chalicelib.domain.billing_run import BillingRun, RunEvent, RunState, start_mailing
from chalicelib.formats import day_begins, day_in_paris
from chalicelib.store.executions import RUNNING, SUCCEEDED, ExecutionStore
from chalicelib.store.runs import RunStore
from chalicelib.stores import Stores

MOST_EXECUTIONS = 200
"""Executions that one run may need: hourly for a week, when SES's quota is too small for it."""


class Backlog(NamedTuple):
    """Runs due and not closed: how many were started, and the age in hours of the oldest undelivered invoice."""

    unclosed: int
    undelivered_hours: int


def start_due_runs(*, by: str, stores: Stores, clock: Clock, others: int = 0) -> list[str]:
    """Start what is due: a run published for today or before, or one whose execution ended without closing it.

    Concurrent executions share SES's rate, with `others` more. Returns the names of the executions started by this
    call. Safe to repeat, and to run concurrently. Raises Unavailable.
    """
    due = stores.runs.due(day_in_paris(clock()))
    together = len(due) + others
    started = [start_run(run, by=by, stores=stores, clock=clock, together=together) for run in due]
    return [name for name in started if name]


def start_run(run: BillingRun, *, by: str, stores: Stores, clock: Clock, together: int = 1) -> str:
    """Start the run's execution unless one is running. Returns the name of what was started, or the empty string.

    The run is marked first: after a crash in between, the next scheduled start goes on.
    """
    event = RunEvent(event="mailing_started", at=clock(), by=by)

    def marked(current: BillingRun) -> BillingRun:
        return start_mailing(current, current.run, event) if current.state is RunState.PUBLISHED else current

    stores.runs.change(run.run, marked)
    state = {"kind": "run", "run": run.run, "together": str(together)}
    return start_next(run.run, state, executions=stores.executions, done=lambda status: False)


def start_reminders(*, executions: ExecutionStore, clock: Clock, others: int = 0) -> str:
    """Start today's reminders, once, sharing SES's rate with `others` executions.

    Returns the name of what was started, or the empty string. Raises Unavailable.
    """
    today = day_in_paris(clock())
    state = {"kind": "reminders", "run": f"rappels-{today.isoformat()}", "together": str(1 + others)}
    return start_next(state["run"], state, executions=executions, done=lambda status: status == SUCCEEDED)


def start_next(name: str, state: dict[str, str], *, executions: ExecutionStore, done: Callable[[str], bool]) -> str:
    """Start the first execution of this name that was never started, unless one is running or `done` (by status)."""
    for rank in range(1, MOST_EXECUTIONS + 1):
        numbered = execution_name(name, rank)
        status = executions.status(numbered)
        if status is None:
            return numbered if executions.start(numbered, {**state, "round": str(rank)}) else ""
        if status == RUNNING or done(status):
            return ""
    return ""


def is_running(name: str, *, executions: ExecutionStore) -> bool:
    """Returns whether an execution of this name is running. Raises Unavailable."""
    for rank in range(1, MOST_EXECUTIONS + 1):
        status = executions.status(execution_name(name, rank))
        if status is None:
            return False
        if status == RUNNING:
            return True
    return False


def execution_name(name: str, rank: int) -> str:
    """Returns « 2026-06-3f9a1c2b04 », then « 2026-06-3f9a1c2b04-reprise-2 »."""
    return name if rank == 1 else f"{name}-reprise-{rank}"


def backlog(*, runs: RunStore, clock: Clock) -> Backlog:
    """Returns the figures that the scheduled task logs for the alarms: a run closes once each invoice has its outcome,
    and its invoices wait from the first minute of the day that it was published for. Raises Unavailable.
    """
    now = clock()
    due = runs.due(day_in_paris(now))
    ages = [now - day_begins(run.publish_on) for run in due if run.publish_on]
    unclosed = sum(run.state is RunState.MAILING for run in due)
    return Backlog(unclosed, int(max(ages, default=timedelta()) / timedelta(hours=1)))
