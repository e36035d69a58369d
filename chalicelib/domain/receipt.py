"""A receipt of one card payment: written once, from the payment and the invoice at that time."""

from datetime import datetime

from chalicelib.domain.models import Model


class Receipt(Model):
    """*Reçu*: amounts in cents, `paid_at` in UTC.

    `number` is the receipt's own, in the régie's series. `card_ending`: the last digits, empty when the bank did not
    send them. `transaction` is the bank's number, `reference` the attempt's.
    """

    number: int
    invoice_number: str
    invoice_label: str
    username: str
    holder: str
    billed_cents: int
    paid_cents: int
    balance_cents: int
    paid_at: datetime
    card_ending: str = ""
    authorisation: str
    transaction: str
    reference: str
