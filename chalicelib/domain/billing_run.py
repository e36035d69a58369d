"""A billing run (*campagne de facturation*): one billing file, from its deposit to the delivery of its invoices."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.models import Model
from chalicelib.errors import RunRefused

MAX_PUBLISH_DELAY = timedelta(days=366)
"""The publication day is within a year: further away is a year typed wrong."""

ID_DIGITS = 10
"""Hexadecimal digits of the file's hash in a run's name: a file deposited twice is the same run."""


class RunState(StrEnum):
    """TO_CHECK: *à contrôler*, not visible to parents; PUBLISHED: for a day; MAILING: its workflow was started."""

    TO_CHECK = "TO_CHECK"
    PUBLISHED = "PUBLISHED"
    MAILING = "MAILING"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class RunKind(StrEnum):
    """CAMPAIGN: checked, published, delivered; DIRECT: issued as soon as it is imported, and not delivered."""

    CAMPAIGN = "CAMPAIGN"
    DIRECT = "DIRECT"


class Figures(Model):
    """The totals of a run. `total_cents` is the sum of what its invoices bill, credit notes deducted.

    `credits` are below zero, `zeros` bill nothing, `debits` are on direct debit. `known` invoices of the file were
    already in the portal before this run, and `doubles` are equal to another one of the file except for their number.
    `first_due_on` and `last_due_on`: the earliest and latest due dates of an invoice to pay, None when nothing must be
    paid. A run that was checked when only the first was noted has no last.
    """

    invoices: int = 0
    total_cents: int = 0
    credits: int = 0
    zeros: int = 0
    debits: int = 0
    known: int = 0
    doubles: int = 0
    first_due_on: date | None = None
    last_due_on: date | None = None


class AmountChange(Model):
    """What one account owes in two successive runs (cents)."""

    username: str
    before_cents: int
    after_cents: int

    @property
    def change_cents(self) -> int:
        return self.after_cents - self.before_cents


class Comparison(Model):
    """A run compared with the one before it: how many accounts appeared and vanished, and the ten largest changes."""

    run: str
    invoices: int
    total_cents: int
    appeared: int
    vanished: int
    largest: tuple[AmountChange, ...] = ()


class MailingFacts(Model):
    """The workflow that delivers the run: its execution, its start and end (UTC), the S3 key of its report."""

    execution: str = ""
    started_at: datetime | None = None
    closed_at: datetime | None = None
    report_key: str = ""


class RunEvent(Model):
    """An entry of the run's audit trail: `event` is a key of the wording, `by` an agent or the machine."""

    event: str
    at: datetime
    by: str
    detail: str = ""


class BillingRun(Model):
    """One run, keyed by its name. Instants are UTC, `publish_on` is a day of the town.

    `imported_at` is empty while the file is not wholly imported. `bad_lines` counts the file's faulty lines, listed in
    the object `report_key`; `unresolved` counts those not settled yet. `withdrawn_at` is when the last invoice of a
    cancelled run was withdrawn. `version` grows with each change.
    """

    run: str
    kind: RunKind = RunKind.CAMPAIGN
    state: RunState = RunState.TO_CHECK
    filename: str
    sha256: str
    deposited_at: datetime
    deposited_by: str
    imported_at: datetime | None = None
    figures: Figures = Figures()
    bad_lines: int = 0
    unresolved: int = 0
    report_key: str = ""
    comparison: Comparison | None = None
    publish_on: date | None = None
    withdrawn_at: datetime | None = None
    mailing: MailingFacts = MailingFacts()
    trace: tuple[RunEvent, ...] = ()
    version: int = 0

    @property
    def to_read(self) -> bool:
        """Whether its file is to be imported when deposited again: not wholly imported, or some lines refused."""
        if self.kind is RunKind.DIRECT:
            return True
        return self.state is RunState.TO_CHECK and (self.imported_at is None or self.unresolved > 0)

    def due(self, today: date) -> bool:
        """Whether its day has come and it is not closed: to be started, or started and perhaps failed since."""
        if self.state is RunState.PUBLISHED:
            return self.publish_on is not None and self.publish_on <= today
        return self.state is RunState.MAILING

    def with_event(self, event: RunEvent, **changes: object) -> "BillingRun":
        """Returns the same run with these changes and the event added to its trace."""
        return self.model_copy(update={**changes, "trace": (*self.trace, event)})


def run_name(month: date, sha256: str, kind: RunKind = RunKind.CAMPAIGN) -> str:
    """« 2026-06-3f9a1c2b04 »: sorts by month, names a workflow's execution, and always means the same file."""
    name = f"{month:%Y-%m}-{sha256[:ID_DIGITS]}"
    return f"{name}-direct" if kind is RunKind.DIRECT else name


def reopen(run: BillingRun, event: RunEvent) -> BillingRun:
    """Returns a cancelled run to check again, once its file is deposited again. Raises RunRefused."""
    _require(run.withdrawn_at is not None, "withdrawal-unfinished")
    return run.with_event(event, state=RunState.TO_CHECK, imported_at=None, withdrawn_at=None)


def settle_errors(run: BillingRun, event: RunEvent) -> BillingRun:
    """*Écarter*: returns the run with its faulty lines knowingly left out. Raises RunRefused."""
    _require(run.state is RunState.TO_CHECK, f"is-{run.state.lower()}")
    _require(run.imported_at is not None, "not-imported")
    _require(run.unresolved > 0, "nothing-to-settle")
    return run.with_event(event, unresolved=0)


def publish(run: BillingRun, on: date, *, today: date, event: RunEvent) -> BillingRun:
    """Returns the run, to be released and delivered on that day; a published one may change day until it starts.

    Published for that day already, or by this very event (the response was lost), it is returned unchanged.
    Raises RunRefused.
    """
    _require_before_mailing(run)
    _require(run.imported_at is not None, "not-imported")
    _require(run.unresolved == 0, "unresolved-errors")
    _require(run.figures.invoices > 0, "no-invoice")
    _require(on >= today, "past-day")
    _require(on - today <= MAX_PUBLISH_DELAY, "far-day")
    if event in run.trace or (run.state is RunState.PUBLISHED and run.publish_on == on):
        return run
    return run.with_event(event, state=RunState.PUBLISHED, publish_on=on)


def cancel(run: BillingRun, event: RunEvent) -> BillingRun:
    """Returns the run, cancelled before its invoices were visible. Raises RunRefused."""
    _require_before_mailing(run)
    return run.with_event(event, state=RunState.CANCELLED, publish_on=None)


def start_mailing(run: BillingRun, execution: str, event: RunEvent) -> BillingRun:
    """Returns the run, in the workflow's execution of that name: no longer to be cancelled. Raises RunRefused."""
    _require(run.state is RunState.PUBLISHED, f"is-{run.state.lower()}")
    mailing = run.mailing.model_copy(update={"execution": execution, "started_at": event.at})
    return run.with_event(event, state=RunState.MAILING, mailing=mailing)


def close(run: BillingRun, report_key: str, event: RunEvent) -> BillingRun:
    """Returns the run, closed once each of its invoices has its outcome. Raises RunRefused."""
    _require(run.state is RunState.MAILING, f"is-{run.state.lower()}")
    mailing = run.mailing.model_copy(update={"closed_at": event.at, "report_key": report_key})
    return run.with_event(event, state=RunState.CLOSED, mailing=mailing)


def _require_before_mailing(run: BillingRun) -> None:
    _require(run.kind is RunKind.CAMPAIGN, "is-direct")
    _require(run.state in (RunState.TO_CHECK, RunState.PUBLISHED), f"is-{run.state.lower()}")


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise RunRefused(reason)
