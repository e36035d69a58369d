"""Takings (*encaissements*) for the accounts: movements of money by accounting day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.cash_desk.closing import MethodTotal
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.payment_method import PaymentMethod, method_read
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.receive_notice import CARD
from chalicelib.store.money import LedgerStore

MONEY = frozenset({EntryKind.CARD, EntryKind.OTHER, EntryKind.REFUND, EntryKind.REVERSAL})
"""A cancellation and an offset move no money; payments migrated with an invoice were counted by the other software."""

PORTAL_CARD = CARD
"""The line of card payments on the portal, apart from cards at the counter."""


IN_CASH_BOX = (PaymentMethod.CASH, PaymentMethod.CHEQUE)
"""What lies in the cash box until it is taken to the bank."""


@dataclass(frozen=True)
class Takings:
    """One day's takings by one payment method, in cents; `surplus_cents` is the part above the balances.

    `payment_method`: a PaymentMethod, or PORTAL_CARD. `undone_cents`: bounced cheques, refused direct debits, errors.
    """

    day: date
    payment_method: str
    count: int = 0
    received_cents: int = 0
    refunded_cents: int = 0
    undone_cents: int = 0
    surplus_cents: int = 0

    @property
    def net_cents(self) -> int:
        return self.received_cents - self.refunded_cents - self.undone_cents


def movements_between(first: date, last: date, *, ledger: LedgerStore) -> list[LedgerEntry]:
    """Returns the movements of money from one accounting day to another, both included, in accounting order."""
    money = (entry for entry in ledger.between(first, last) if moves_money(entry))
    return sorted(money, key=lambda entry: (entry.counted_on, entry.booked_at, entry.invoice_number, entry.key))


def takings_by_day(entries: Iterable[LedgerEntry]) -> list[Takings]:
    """Returns the takings per day and payment method."""
    groups: dict[tuple[date, str], list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        groups[entry.counted_on, method_counted(entry)].append(entry)
    return [_takings(*key, some) for key, some in sorted(groups.items())]


def totals_by_method(entries: Iterable[LedgerEntry]) -> tuple[MethodTotal, ...]:
    """Returns the totals per payment method of the movements of money among these: cash and cheques first."""
    groups: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        if moves_money(entry):
            groups[method_counted(entry)].append(entry)
    in_cash_box = [method for method in IN_CASH_BOX if method in groups]
    others = sorted(groups.keys() - {*in_cash_box})
    return tuple(_method_total(method, groups[method]) for method in (*in_cash_box, *others))


def booked_after(entries: Iterable[LedgerEntry], last: date) -> list[LedgerEntry]:
    """Returns the entries written after `last`: an export made before lacks them."""
    return [entry for entry in entries if day_in_paris(entry.booked_at) > last]


def moves_money(entry: LedgerEntry) -> bool:
    """Whether an entry is money that came in or went out; an offset undone is none."""
    return entry.kind in MONEY and not entry.counterpart


def method_counted(entry: LedgerEntry) -> str:
    """Returns the payment method that an entry is counted under: free text of earlier versions is read as one."""
    if entry.kind is EntryKind.CARD or entry.transaction:
        return PORTAL_CARD
    return method_read(entry.means).value


def _takings(day: date, payment_method: str, entries: list[LedgerEntry]) -> Takings:
    total = _method_total(payment_method, entries).model_dump(exclude={"method"})
    return Takings(day=day, payment_method=payment_method, **total)


def _method_total(method: str, entries: list[LedgerEntry]) -> MethodTotal:
    return MethodTotal(
        method=method,
        count=len(entries),
        received_cents=_sum(entries, EntryKind.CARD, EntryKind.OTHER),
        refunded_cents=-_sum(entries, EntryKind.REFUND),
        undone_cents=-_sum(entries, EntryKind.REVERSAL),
        surplus_cents=sum(entry.surplus_cents for entry in entries),
    )


def _sum(entries: Iterable[LedgerEntry], *kinds: EntryKind) -> int:
    return sum(entry.amount_cents for entry in entries if entry.kind in kinds)
