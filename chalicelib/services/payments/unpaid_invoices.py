"""Invoices unpaid at the end of a given day, computed from the ledger as it is today."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import LedgerEntry, balance_on
from chalicelib.stores import Stores


@dataclass(frozen=True)
class Unpaid:
    """An invoice and its balance at the end of the given day, in cents."""

    invoice: Invoice
    balance_cents: int

    @property
    def paid_cents(self) -> int:
        return self.invoice.billed_cents - self.balance_cents


def unpaid_on(day: date, *, today: date, stores: Stores, not_yet_due: bool = False) -> list[Unpaid]:
    """Returns the invoices overdue and not paid in full on that day, by due date and number.

    `not_yet_due`: includes those whose due date had not passed. Reads every invoice: for the command only.
    """
    later = _entries_after(day, today=today, stores=stores)
    found = (_unpaid(invoice, day, later) for invoice in stores.invoices.every() if invoice.visible)
    unpaid = (one for one in found if one and (not_yet_due or one.invoice.due_on < day))
    return sorted(unpaid, key=lambda one: (one.invoice.due_on, one.invoice.number))


def _unpaid(invoice: Invoice, day: date, later: dict[str, list[LedgerEntry]]) -> Unpaid | None:
    balance_cents = balance_on(invoice, day, later.get(invoice.number, ()))
    return Unpaid(invoice, balance_cents) if balance_cents else None


def _entries_after(day: date, *, today: date, stores: Stores) -> dict[str, list[LedgerEntry]]:
    later: dict[str, list[LedgerEntry]] = defaultdict(list)
    # What comes today, once today is closed, is counted tomorrow.
    for entry in _between(day + timedelta(days=1), today + timedelta(days=1), stores):
        later[entry.invoice_number].append(entry)
    return later


def _between(first: date, last: date, stores: Stores) -> Iterator[LedgerEntry]:
    return stores.ledger.between(first, last) if first <= last else iter(())
