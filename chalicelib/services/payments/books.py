"""The books as a service reads and writes them: invoices and ledger entries; or a preview, which writes nothing."""

from collections import defaultdict
from collections.abc import Sequence

from chalicelib.clock import Clock
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import COUNTER, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.errors import MoneyRefused
from chalicelib.services.payments.paid_invoices import clear_surplus_alarms
from chalicelib.stores import Stores


class Books:
    """Reads an account's invoices and their entries, books movements."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores

    def invoice(self, username: str, number: str) -> Invoice | None:
        return self.stores.invoices.find(username, number)

    def entries(self, number: str) -> list[LedgerEntry]:
        """Returns the entries of an invoice, in the order they were booked."""
        return self.stores.ledger.of(number)

    def clear_surplus_alarms(self, number: str, clock: Clock) -> None:
        """Clear the alarms of an invoice's payments, once nothing of its surplus is left. Safe to repeat."""
        clear_surplus_alarms(number, stores=self.stores, clock=clock)

    def write(self, movements: Sequence[Movement]) -> bool:
        """Book the movements together; returns False, and nothing written, when something changed meanwhile."""
        return self.stores.money.write(*movements)


class PreviewedBooks(Books):
    """The same without a write: what a dry run would have booked is kept, for the lines that follow."""

    def __init__(self, stores: Stores) -> None:
        super().__init__(stores)
        self._invoices: dict[str, Invoice] = {}
        self._entries: dict[str, list[LedgerEntry]] = defaultdict(list)

    def invoice(self, username: str, number: str) -> Invoice | None:
        return self._invoices.get(number) or super().invoice(username, number)

    def entries(self, number: str) -> list[LedgerEntry]:
        return [*super().entries(number), *self._entries[number]]

    def clear_surplus_alarms(self, number: str, clock: Clock) -> None:
        """Writes nothing."""

    def write(self, movements: Sequence[Movement]) -> bool:
        if any(key_taken(movement, self) for movement in movements):
            return False
        typed = [movement.entry for movement in movements if movement.entry.origin == COUNTER]
        for entry in typed:
            if self.stores.closings.is_closed(entry.counted_on):
                raise MoneyRefused("day_closed", day=entry.counted_on)
        for movement in movements:
            self._invoices[movement.after.number] = movement.after
            self._entries[movement.after.number].append(movement.entry)
        return True


def key_taken(movement: Movement, books: Books) -> bool:
    """Whether an entry of this key stands on the invoice: the movement was booked, or can never be."""
    entry = movement.entry
    return any(one.key == entry.key for one in books.entries(entry.invoice_number))


def books_of(stores: Stores, *, dry_run: bool) -> Books:
    """Returns the books to write in, or their preview."""
    return PreviewedBooks(stores) if dry_run else Books(stores)
