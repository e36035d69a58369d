"""Whether an invoice may be paid by card on the portal today, and if not, why."""

from datetime import date, timedelta
from enum import StrEnum

from chalicelib.domain.invoice import InvoiceSummary
from chalicelib.domain.models import Model


class Bar(StrEnum):
    """What stands in the way of a payment by card."""

    NOTHING_DUE = "NOTHING_DUE"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    SWITCHED_OFF = "SWITCHED_OFF"
    TOO_LATE = "TOO_LATE"


class Terms(Model):
    """What the town allows: payment online or not, and until how many days after the due date (the last included)."""

    online: bool
    days_after_due: int

    def bar(self, row: InvoiceSummary, today: date) -> Bar | None:
        """Why this invoice may not be paid by card on that day of the town; None when it may."""
        if not row.due:
            return Bar.NOTHING_DUE
        if row.direct_debit:
            return Bar.DIRECT_DEBIT
        if not self.online:
            return Bar.SWITCHED_OFF
        late = today > row.due_on + timedelta(days=self.days_after_due)
        return Bar.TOO_LATE if late else None
