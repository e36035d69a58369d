"""The trace of what is done on an account: read by the family on its own page, and by the desk."""

from chalicelib.clock import Clock
from chalicelib.domain.journal import Entry
from chalicelib.store.journal import JournalStore

FAMILY = "famille"
"""Who acted, when it is not an agent of the town."""


def note(username: str, event: str, *, journal: JournalStore, clock: Clock, by: str = FAMILY, detail: str = "") -> None:
    """Add a line. `event` is a key of the wording, `detail` what it is about (an invoice's number, a reference)."""
    journal.note(Entry(username=username, event=event, at=clock(), by=by, detail=detail))
