"""What the verbs on billing runs share: their shelves, and a change that survives two agents at once."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain.billing_run import BillingRun, RunEvent
from chalicelib.errors import NotFound, Unavailable
from chalicelib.services.billing.documents import Shelves
from chalicelib.store.run_files import RunFileStore
from chalicelib.store.runs import RunStore

ROUNDS = 5
"""How often a run is read again when somebody changes it at the same moment."""


@dataclass(frozen=True)
class RunShelves:
    """The stores that a run touches, and its clock, wired once."""

    runs: RunStore
    files: RunFileStore
    shelves: Shelves
    clock: Clock

    def event(self, name: str, by: str, detail: str = "") -> RunEvent:
        """A line of trace of this instant."""
        return RunEvent(event=name, at=self.clock(), by=by, detail=detail)


def get_run(name: str, runs: RunStore) -> BillingRun:
    """The run of that name. Raises NotFound."""
    run = runs.find(name)
    if run is None:
        raise NotFound
    return run


def change_run(name: str, change: Callable[[BillingRun], BillingRun], *, runs: RunStore) -> BillingRun:
    """Apply a change of `domain.billing_run` to the run as it stands, again if somebody wrote in between.

    Answers the run as written. Raises NotFound, RunRefused from the change, Unavailable.
    """
    for _ in range(ROUNDS):
        run = get_run(name, runs)
        changed = change(run)
        written = run if changed == run else runs.replace(run, changed)
        if written:
            return written
    raise Unavailable(name)
