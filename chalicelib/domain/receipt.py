"""A receipt of one card payment: written once, from the payment and its invoices at that time."""

from datetime import datetime

from chalicelib.domain.models import Model


class ReceiptLine(Model):
    """One invoice on a receipt: what it bills, what this payment paid of it, what was left to pay after it (cents)."""

    invoice_number: str
    invoice_label: str
    billed_cents: int
    paid_cents: int
    balance_cents: int


class Receipt(Model):
    """*Reçu*: `lines` has one line per invoice, in the order in which they were shown; `paid_at` in UTC.

    `number` is the receipt's own, in the régie's series. `card_ending`: the last digits, empty when the bank did not
    send them. `transaction` is the bank's number, `reference` the attempt's.
    """

    number: int
    lines: tuple[ReceiptLine, ...]
    username: str
    holder: str
    paid_at: datetime
    card_ending: str = ""
    authorisation: str
    transaction: str
    reference: str

    @property
    def several(self) -> bool:
        return len(self.lines) > 1

    @property
    def billed_cents(self) -> int:
        return sum(line.billed_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        return sum(line.paid_cents for line in self.lines)

    @property
    def balance_cents(self) -> int:
        return sum(line.balance_cents for line in self.lines)
