"""Settlements (*règlements*) outside the portal: at the counter, by cheque, by transfer or by direct debit."""

from datetime import date

from chalicelib.domain.models import Model


class Settlement(Model):
    """One line of the file *règlements*: cents received for an invoice, on a day; `means` is the payment method."""

    received_on: date
    number: str
    amount_cents: int
    means: str
    reference: str = ""
