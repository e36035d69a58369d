"""Takings (*encaissements*) for the accounts: movements of money by accounting day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.formats import day_in_paris
from chalicelib.store.money import LedgerStore

MONEY = frozenset({EntryKind.CARD, EntryKind.OTHER, EntryKind.REFUND})
"""A cancellation moves no money, and payments migrated with an invoice were counted by the other software."""


@dataclass(frozen=True)
class Takings:
    """One day's takings by one payment method, in cents; `surplus_cents` is the part above the balances."""

    day: date
    payment_method: str
    count: int = 0
    received_cents: int = 0
    refunded_cents: int = 0
    surplus_cents: int = 0

    @property
    def net_cents(self) -> int:
        return self.received_cents - self.refunded_cents


def movements_between(first: date, last: date, *, ledger: LedgerStore) -> list[LedgerEntry]:
    """Returns the movements of money from one accounting day to another, both included, in accounting order."""
    money = (entry for entry in ledger.between(first, last) if entry.kind in MONEY)
    return sorted(money, key=lambda entry: (entry.counted_on, entry.booked_at, entry.invoice_number, entry.key))


def takings_by_day(entries: Iterable[LedgerEntry]) -> list[Takings]:
    """Returns the takings per day and payment method."""
    groups: dict[tuple[date, str], list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        groups[entry.counted_on, entry.means].append(entry)
    return [_takings(*key, some) for key, some in sorted(groups.items())]


def booked_after(entries: Iterable[LedgerEntry], last: date) -> list[LedgerEntry]:
    """Returns the entries written after `last`: an export made before lacks them."""
    return [entry for entry in entries if day_in_paris(entry.booked_at) > last]


def _takings(day: date, payment_method: str, entries: list[LedgerEntry]) -> Takings:
    return Takings(
        day=day,
        payment_method=payment_method,
        count=len(entries),
        received_cents=sum(entry.amount_cents for entry in entries if entry.amount_cents > 0),
        refunded_cents=-sum(entry.amount_cents for entry in entries if entry.amount_cents < 0),
        surplus_cents=sum(entry.surplus_cents for entry in entries),
    )
