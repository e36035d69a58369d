"""How long an invoice and its pieces are kept, and what keeps one longer: money that is not settled."""

from datetime import date
from enum import StrEnum

from chalicelib.domain.invoice import Invoice, years_before


class Kept(StrEnum):
    """Why an invoice whose time has come is not purged yet."""

    UNPAID = "UNPAID"
    SURPLUS = "SURPLUS"
    LOCKED = "LOCKED"
    CHANGED = "CHANGED"


def retention_ended(invoice: Invoice, today: date, years: int) -> bool:
    """Issued `years` ago on this day of the town, or before."""
    return invoice.issued_on <= years_before(today, years)


def kept_for(invoice: Invoice) -> Kept | None:
    """« Si une facture reste à payer, elle apparaît ici »: it never leaves the list; nor does money to give back."""
    if invoice.balance_cents:
        return Kept.UNPAID
    return Kept.SURPLUS if invoice.surplus_cents else None
