"""What came in and went out, for the accounts (*encaissements*): movements of money by the day they count on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.formats import day_in_paris
from chalicelib.store.money import LedgerStore

MONEY = frozenset({EntryKind.CARD, EntryKind.OTHER, EntryKind.REFUND})
"""A cancellation moves no money, and what an invoice was taken over with was counted elsewhere."""


@dataclass(frozen=True)
class Takings:
    """One day's takings by one means, in cents; `surplus_cents` is the share above what was to pay."""

    day: date
    means: str
    count: int = 0
    received_cents: int = 0
    refunded_cents: int = 0
    surplus_cents: int = 0

    @property
    def net_cents(self) -> int:
        return self.received_cents - self.refunded_cents


def collected(first: date, last: date, *, ledger: LedgerStore) -> list[LedgerEntry]:
    """The movements of money counted from one day to another, both included, in the order of the accounts."""
    money = (entry for entry in ledger.between(first, last) if entry.kind in MONEY)
    return sorted(money, key=lambda entry: (entry.counted_on, entry.booked_at, entry.invoice_number, entry.key))


def by_day(entries: Iterable[LedgerEntry]) -> list[Takings]:
    """The takings of each day by means."""
    groups: dict[tuple[date, str], list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        groups[entry.counted_on, entry.means].append(entry)
    return [_takings(*key, some) for key, some in sorted(groups.items())]


def booked_after(entries: Iterable[LedgerEntry], last: date) -> list[LedgerEntry]:
    """Those written after the period's end: an export made before lacks them."""
    return [entry for entry in entries if day_in_paris(entry.booked_at) > last]


def _takings(day: date, means: str, entries: list[LedgerEntry]) -> Takings:
    return Takings(
        day=day,
        means=means,
        count=len(entries),
        received_cents=sum(entry.amount_cents for entry in entries if entry.amount_cents > 0),
        refunded_cents=-sum(entry.amount_cents for entry in entries if entry.amount_cents < 0),
        surplus_cents=sum(entry.surplus_cents for entry in entries),
    )
