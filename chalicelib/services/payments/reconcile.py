"""Reconcile with the bank's export (*rapprocher*): settle payments whose notice was lost, list what differs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import NoticeOutcome
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.payment import Notice
from chalicelib.services.payments.receive_notice import SettledNotice, preview_notice, settle_notice
from chalicelib.stores import Stores

Numbered = tuple[int, Notice]
"""A line number of the bank's export, and its payment."""


@dataclass(frozen=True)
class Line:
    """A line of the export and its result."""

    line: int
    notice: Notice
    settled: SettledNotice


@dataclass
class Reconciliation:
    """`absent`: card payments in our ledger on the days of the export, but not in the export."""

    lines: list[Line] = field(default_factory=list)
    absent: list[LedgerEntry] = field(default_factory=list)

    def of(self, *fates: NoticeOutcome) -> list[Line]:
        return [line for line in self.lines if line.settled.fate in fates]


def reconcile(
    numbered: Iterable[Numbered], *, stores: Stores, clock: Clock, dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Reconciliation:  # fmt: skip
    """Settle each line of the export that is not settled yet. With `dry_run`, nothing is written. Returns the results.

    Raises Unavailable. Safe to repeat.
    """
    done = Reconciliation()
    for line, notice in numbered:
        settled = (
            preview_notice(notice, stores=stores, clock=clock)
            if dry_run
            else settle_notice(notice, known_source=True, stores=stores, clock=clock)
        )
        done.lines.append(Line(line, notice, settled))
        progress(1)
    done.absent = missing_from_export([line.notice for line in done.lines], stores=stores)
    return done


def missing_from_export(notices: Sequence[Notice], *, stores: Stores) -> list[LedgerEntry]:
    """Returns our card entries on the days that the export covers whose reference is not in it."""
    days = _days(notices)
    if not days:
        return []
    named = {notice.reference for notice in notices}
    booked = (entry for entry in stores.ledger.between(min(days), max(days)) if entry.kind is EntryKind.CARD)
    return [entry for entry in booked if entry.reference not in named]


def _days(notices: Sequence[Notice]) -> set[date]:
    return {notice.paid_on for notice in notices if notice.paid_on}
