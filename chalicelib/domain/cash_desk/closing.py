"""The day's closing (*arrêté*): what a day brought by payment method, kept for good, and the cash that was counted."""

from datetime import date, datetime

from chalicelib.domain.models import Model
from chalicelib.domain.payment_method import PaymentMethod


class MethodTotal(Model):
    """The movements of money by one payment method, in cents; `surplus_cents` is the part above the balances.

    `method`: a PaymentMethod, or the name of card payments on the portal. `undone_cents`: bounced cheques, errors.
    """

    method: str
    count: int
    received_cents: int
    refunded_cents: int
    undone_cents: int
    surplus_cents: int

    @property
    def net_cents(self) -> int:
        return self.received_cents - self.refunded_cents - self.undone_cents


class DayTotals(Model):
    """All that a day counted, per payment method; `late_…`: the part that belongs to days closed before."""

    methods: tuple[MethodTotal, ...] = ()
    late_count: int = 0
    late_cents: int = 0

    @property
    def count(self) -> int:
        return sum(one.count for one in self.methods)

    @property
    def net_cents(self) -> int:
        return sum(one.net_cents for one in self.methods)

    def net_of(self, method: str) -> int:
        """Returns what a payment method brought, in cents."""
        return sum(one.net_cents for one in self.methods if one.method == method)


class Closing(Model):
    """One day's closing. `number` is its own, in the régie's series; `counted_cash_cents`: what the agent counted.

    `totals` is None between the closing of the day and the reading of its entries: a crash there is made good by the
    next command.
    """

    day: date
    number: int
    closed_at: datetime
    agent: str
    counted_cash_cents: int | None = None
    observations: str = ""
    totals: DayTotals | None = None

    @property
    def cash_difference_cents(self) -> int | None:
        """What was counted less what the entries say; None when no cash was counted."""
        if self.counted_cash_cents is None or self.totals is None:
            return None
        return self.counted_cash_cents - self.totals.net_of(PaymentMethod.CASH)
