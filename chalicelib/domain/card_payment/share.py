"""What an attempt pays of each of its invoices: of several in one payment, or of one."""

from chalicelib.domain.models import Model

MOST_INVOICES = 20
"""In one payment. Its transaction writes an entry and an invoice each, and four items more: 44, far below DynamoDB's
hundred; the receipt that lists them stays on two pages."""


class Share(Model):
    """What an attempt pays of one invoice. Amounts in cents.

    `balance_cents` is what was left to pay of the invoice after it, None before it is paid; `surplus_cents` its part
    above the balance that there was.
    """

    invoice_number: str
    amount_cents: int
    balance_cents: int | None = None
    surplus_cents: int = 0
