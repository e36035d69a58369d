"""Reconcile with the bank's export (*rapprocher*): settle payments whose notice was lost, list what differs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib.clock import Clock
from chalicelib.domain.bank_notice import NoticeOutcome
from chalicelib.domain.bank_number import bank_number
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.payment import Notice
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.receive_notice import SettledNotice, preview_notice, settle_notice
from chalicelib.stores import Stores

Numbered = tuple[int, Notice]
"""A line number of the bank's export, and its payment."""

DAYS_AROUND = timedelta(days=10)
Operation = tuple[str, str]
"""What the bank calls one movement of money: the kind of its number, and the number's digits."""


@dataclass(frozen=True)
class Line:
    """A line of the export and its result."""

    line: int
    notice: Notice
    settled: SettledNotice


@dataclass(frozen=True)
class SharedOperation:
    """A line whose bank operation is also said to be that of other payments, by the file or by our ledger.

    One operation pays once: one of the references must be wrong, and nothing says which. `booked`: the ledger has
    this very payment already, which stays; otherwise the line is left and nothing of it is booked. `references` are
    the other payments, `numbers` the lines of those that the file names.
    """

    line: int
    notice: Notice
    references: tuple[str, ...]
    numbers: tuple[int, ...]
    booked: bool


@dataclass
class Reconciliation:
    """`absent`: card payments in our ledger on the days of the export, but not in the export."""

    lines: list[Line] = field(default_factory=list)
    shared: list[SharedOperation] = field(default_factory=list)
    absent: list[LedgerEntry] = field(default_factory=list)

    def of(self, *fates: NoticeOutcome) -> list[Line]:
        return [line for line in self.lines if line.settled.fate in fates]


def reconcile(
    numbered: Iterable[Numbered], *, stores: Stores, clock: Clock, dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Reconciliation:  # fmt: skip
    """Settle each line of the export that is not settled yet. With `dry_run`, nothing is written. Returns the results.

    A line whose operation is also that of another payment is left. Raises Unavailable. Safe to repeat.
    """
    lines = list(numbered)
    days = [notice.paid_on for _, notice in lines if notice.paid_on]
    booked = booked_around(days, stores=stores, clock=clock)
    named = {notice.reference for _, notice in lines}
    covered = [entry for entry in booked if days and min(days) <= entry.day <= max(days)]
    done = Reconciliation(absent=[entry for entry in covered if entry.reference not in named])
    shared = {one.line: one for one in shared_operations(lines, booked)}
    done.shared = [*shared.values()]
    for line, notice in lines:
        if line not in shared or shared[line].booked:
            settled = (
                preview_notice(notice, stores=stores, clock=clock)
                if dry_run
                else settle_notice(notice, known_source=True, from_export=True, stores=stores, clock=clock)
            )
            done.lines.append(Line(line, notice, settled))
        progress(1)
    return done


def keep_reconciliation(done: Reconciliation, *, stores: Stores, clock: Clock) -> None:
    """Write that a reconciliation has ended, and the last day of its export. Raises Unavailable. Safe to repeat."""
    notices = [line.notice for line in done.lines] + [one.notice for one in done.shared]
    stores.reconciliations.keep(clock(), max((notice.paid_on for notice in notices if notice.paid_on), default=None))


def booked_around(days: Sequence[date], *, stores: Stores, clock: Clock) -> list[LedgerEntry]:
    """Returns our card entries counted on the days of an export, and some days around: both sides date differently.

    Those of a day that was closed are counted later, at most tomorrow.
    """
    if not days:
        return []
    last = max(max(days) + DAYS_AROUND, day_in_paris(clock()) + timedelta(days=1))
    return [entry for entry in stores.ledger.between(min(days) - DAYS_AROUND, last) if entry.kind is EntryKind.CARD]


def shared_operations(lines: Sequence[Numbered], booked: Sequence[LedgerEntry]) -> Iterator[SharedOperation]:
    """Yields the lines whose operation is also that of another payment, in the file or in these entries."""
    in_file: dict[Operation, list[Numbered]] = defaultdict(list)
    in_ledger: dict[Operation, set[str]] = defaultdict(set)
    for line, notice in lines:
        for operation in _operations(notice.transaction, notice.call):
            in_file[operation].append((line, notice))
    for entry in booked:
        for operation in _operations(entry.transaction, entry.call):
            in_ledger[operation].add(entry.reference)
    for line, notice in lines:
        for surest in [*_operations(notice.transaction, notice.call)][:1]:
            others = [(other, one.reference) for other, one in in_file[surest] if one.reference != notice.reference]
            references = {reference for _, reference in others} | in_ledger[surest] - {notice.reference}
            if references:
                numbers, known = tuple(other for other, _ in others), notice.reference in in_ledger[surest]
                yield SharedOperation(line, notice, tuple(sorted(references)), numbers, known)


def _operations(transaction: str, call: str) -> Iterator[Operation]:
    """Yields the names of an operation, the surest first."""
    numbers = (("transaction", bank_number(transaction)), ("call", bank_number(call)))
    return (operation for operation in numbers if operation[1])
