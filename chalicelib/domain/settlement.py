"""Money that came another way than by card on the portal: at the counter, by cheque, by transfer or by debit."""

from datetime import date

from chalicelib.domain.models import Model


class Settlement(Model):
    """One line of the file *règlements*: so many cents received for an invoice, on a day, by a means."""

    received_on: date
    number: str
    amount_cents: int
    means: str
    reference: str = ""
