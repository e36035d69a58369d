"""Reconcile with the bank's own export (*rapprocher*): what a lost notice left open is settled, all else is listed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import Fate
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.payment import Notice
from chalicelib.services.payments.receive_notice import Settled, preview, settle
from chalicelib.stores import Stores

Numbered = tuple[int, Notice]
"""A payment that the bank's export tells of, and its line."""


@dataclass(frozen=True)
class Line:
    """A line of the export and what it came to."""

    line: int
    notice: Notice
    settled: Settled


@dataclass
class Reconciliation:
    """`absent`: payments by card of the days of the export, in our ledger and not in the export."""

    lines: list[Line] = field(default_factory=list)
    absent: list[LedgerEntry] = field(default_factory=list)

    def of(self, *fates: Fate) -> list[Line]:
        return [line for line in self.lines if line.settled.fate in fates]


def reconcile(
    given: Iterable[Numbered], *, stores: Stores, clock: Clock, dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Reconciliation:  # fmt: skip
    """Settle each line of the export that is not settled yet; with `dry_run`, only say what would be.

    Raises Unavailable; safe to repeat.
    """
    done = Reconciliation()
    for line, notice in given:
        settled = (
            preview(notice, stores=stores, clock=clock)
            if dry_run
            else settle(notice, known_source=True, stores=stores, clock=clock)
        )
        done.lines.append(Line(line, notice, settled))
        progress(1)
    done.absent = absent_from([line.notice for line in done.lines], stores=stores)
    return done


def absent_from(notices: Sequence[Notice], *, stores: Stores) -> list[LedgerEntry]:
    """What we booked by card on the days that the export covers, and that it does not name."""
    days = _days(notices)
    if not days:
        return []
    named = {notice.reference for notice in notices}
    booked = (entry for entry in stores.ledger.between(min(days), max(days)) if entry.kind is EntryKind.CARD)
    return [entry for entry in booked if entry.reference not in named]


def _days(notices: Sequence[Notice]) -> set[date]:
    return {notice.paid_on for notice in notices if notice.paid_on}
