"""the cash box (*caisse*): what the open days hold by payment method, and the cheques of a day for their deposit."""

from collections.abc import Iterable
from datetime import date, timedelta

from chalicelib.domain.ledger import COUNTER, EntryKind, LedgerEntry
from chalicelib.domain.payment_method import PaymentMethod
from chalicelib.domain.reversal import undone_keys
from chalicelib.services.payments.close_day import open_days
from chalicelib.services.payments.takings import IN_CASH_BOX, method_counted, movements_between
from chalicelib.stores import Stores


def cash_box_movements(stores: Stores, today: date) -> list[LedgerEntry]:
    """Returns the movements of money of the days that are not closed yet; of today alone before any was.

    Tomorrow is among them: it counts what came after today was closed. The index may lag.
    """
    if stores.closings.opening() is None:
        return movements_between(today, today, ledger=stores.ledger)
    days = open_days(stores, today + timedelta(days=1))
    return [entry for day in days for entry in movements_between(day, day, ledger=stores.ledger)]


def at_the_counter(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Returns those typed at the counter, and all that is cash or a cheque."""
    return [entry for entry in entries if entry.origin == COUNTER or method_counted(entry) in IN_CASH_BOX]


def cheques_of(day: date, *, stores: Stores) -> list[LedgerEntry]:
    """Returns the cheques counted on a day, in the order they were booked, but for those undone on that same day.

    A cheque that the bank sends back later stays: the slip of that day listed it. The index may lag.
    """
    movements = movements_between(day, day, ledger=stores.ledger)
    undone = {
        (number, key)
        for number in {entry.invoice_number for entry in movements}
        for key in undone_keys(entry for entry in movements if entry.invoice_number == number)
    }
    return [
        entry
        for entry in movements
        if entry.kind is EntryKind.OTHER
        and method_counted(entry) == PaymentMethod.CHEQUE
        and (entry.invoice_number, entry.key) not in undone
    ]
