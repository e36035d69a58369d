"""Legal retention of invoices: when it ends, and why an invoice is kept longer (money that is not settled)."""

from datetime import date
from enum import StrEnum

from chalicelib.domain.invoice import Invoice, years_before


class KeepReason(StrEnum):
    """Why an invoice is not purged although its retention has ended."""

    UNPAID = "UNPAID"
    SURPLUS = "SURPLUS"
    LOCKED = "LOCKED"
    CHANGED = "CHANGED"


def retention_ended(invoice: Invoice, today: date, years: int) -> bool:
    """Whether it was issued at least `years` before this day of the town."""
    return invoice.issued_on <= years_before(today, years)


def keep_reason(invoice: Invoice) -> KeepReason | None:
    """Returns why the invoice must be kept, else None: unpaid (« Si une facture reste à payer, elle apparaît ici ») or
    a surplus to refund.
    """
    if invoice.balance_cents:
        return KeepReason.UNPAID
    return KeepReason.SURPLUS if invoice.surplus_cents else None
