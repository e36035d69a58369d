"""What a receipt states of one payment by card: written once, from the payment and the invoice as they stood then."""

from datetime import datetime

from chalicelib.domain.models import Model


class Receipt(Model):
    """*Reçu*: amounts in cents, `paid_at` in UTC.

    `number` is the receipt's own, in the régie's series. `card_ending`: the last digits, empty when the bank did not
    say them. `transaction` is the bank's number of the movement, `reference` ours of the attempt.
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
