"""Offset (*imputer*): credit of one invoice pays another of the same account; no money moves.

The credit is what is left of a credit note (*avoir*), or a surplus (*trop-perçu*).
"""

from dataclasses import dataclass
from datetime import date

from chalicelib.clock import Clock
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.reversal import counted, free_key
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.payments.books import Books, books_of
from chalicelib.services.payments.paid_invoices import clear_surplus_alarms
from chalicelib.store.retry import retry
from chalicelib.stores import Stores


@dataclass(frozen=True)
class Offset:
    """Credit of the invoice `source` to use on the invoice `target`. `amount_cents` None: as much as possible."""

    source: str
    target: str
    amount_cents: int | None
    counted_on: date
    agent: str
    reference: str = ""


@dataclass(frozen=True)
class BookedOffset:
    """The two invoices as they are now. `amount_cents`: what was used; `new` is False when it was booked before."""

    source: Invoice
    target: Invoice
    amount_cents: int
    new: bool = True


def offset_credit(asked: Offset, *, stores: Stores, clock: Clock, dry_run: bool = False) -> BookedOffset:
    """Book it. The same amount between the same invoices on one day is booked once. With `dry_run`, only check.

    Raises NotFound (no such invoice), MoneyRefused, Unavailable.
    """
    books = books_of(stores, dry_run=dry_run)
    if asked.counted_on > day_in_paris(clock()):
        raise MoneyRefused("returned_in_future")

    def once() -> BookedOffset | None:
        source = stores.invoices.find_by_number(asked.source)
        target = stores.invoices.find_by_number(asked.target)
        if source is None or target is None:
            raise NotFound
        entries = books.entries(asked.target)
        done = [entry for entry in counted(entries) if _is_same(asked, entry)]
        if done and asked.amount_cents is not None:
            return BookedOffset(source, target, done[0].amount_cents, new=False)
        moved = offset_movements(asked, source, target, entries, clock=clock)
        if not books.write(moved):
            return None
        return BookedOffset(moved[1].after, moved[0].after, moved[0].entry.amount_cents)

    booked = once() or retry(once, what="invoices: conflicting changes", wait=stores.money.wait)
    if not (dry_run or booked.source.surplus_cents):
        clear_surplus_alarms(booked.source.number, stores=stores, clock=clock)
    return booked


def offset_movements(
    asked: Offset, source: Invoice, target: Invoice, entries: list[LedgerEntry], *, clock: Clock
) -> list[Movement]:
    """Returns both halves of an offset, the paid invoice's first. `entries`: the target's. Raises MoneyRefused."""
    _check(source, target)
    most = min(source.credit_cents, target.balance_cents)
    amount = most if asked.amount_cents is None else asked.amount_cents
    if not 0 < amount <= most:
        raise MoneyRefused("offset_above_balance", most_cents=most)
    facts = {
        "key": free_key(f"{_key_of_day(asked)}#{amount}", entries),
        "counted_on": asked.counted_on,
        "booked_at": clock(),
        "agent": asked.agent,
        "reference": asked.reference,
    }
    paid = LedgerEntry.offset(target, amount, source, **facts)
    used = LedgerEntry.offset(source, -amount, target, **facts)
    return [Movement.booking(paid, target), Movement.booking(used, source)]


def only_credit_of(account: str, target: Invoice, amount_cents: int, *, books: Books) -> Invoice | None:
    """Returns the only visible invoice of an account that has this much credit; None when there is none, or several."""
    rows = books.stores.summaries.find(account)
    numbers = [row.number for row in rows if row.credit_cents >= amount_cents and row.number != target.number]
    found = [books.invoice(account, number) for number in numbers]
    able = [invoice for invoice in found if invoice and invoice.credit_cents >= amount_cents]
    return able[0] if len(able) == 1 else None


def _is_same(asked: Offset, entry: LedgerEntry) -> bool:
    """Whether an entry is an offset of that day between the same invoices, of that amount when one is asked."""
    return entry.key.startswith(f"{_key_of_day(asked)}#") and asked.amount_cents in {None, entry.amount_cents}


def _key_of_day(asked: Offset) -> str:
    """The beginning of the key of both halves, each on its invoice."""
    return f"offset#{asked.source}#{asked.target}#{asked.counted_on}"


def _check(source: Invoice, target: Invoice) -> None:
    if source.username != target.username or source.number == target.number:
        raise MoneyRefused("offset_other_account")
    if target.state is InvoiceState.CANCELLED:
        raise MoneyRefused("target_cancelled")
    if not (source.visible and target.visible):
        raise MoneyRefused("not_issued")
    if not source.credit_cents:
        raise MoneyRefused("no_credit")
    if not target.balance_cents:
        raise MoneyRefused("nothing_to_pay")
