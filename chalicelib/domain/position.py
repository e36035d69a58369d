"""What an invoice has received: the amount paid and the surplus, and how a movement of money changes both (cents)."""

from typing import NamedTuple

from chalicelib.domain.invoice import Invoice


class Effect(NamedTuple):
    """The change of an invoice's amount paid and surplus, in cents; either may be negative."""

    applied_cents: int
    surplus_cents: int


class Position(NamedTuple):
    """An invoice's *montant réglé*, never above what is billed, and its surplus, never negative (cents)."""

    paid_cents: int = 0
    surplus_cents: int = 0

    @property
    def cash_cents(self) -> int:
        return self.paid_cents + self.surplus_cents

    def plus(self, effect: Effect) -> "Position":
        return Position(self.paid_cents + effect.applied_cents, self.surplus_cents + effect.surplus_cents)


def position(payable_cents: int, cash_cents: int) -> Position:
    """Returns the amount paid and the surplus of an invoice of this payable amount with this cash.

    Raises ValueError when more was refunded than received.
    """
    if cash_cents < 0:
        raise ValueError("an invoice cannot have given back more than it received")
    paid = min(max(payable_cents, 0), cash_cents)
    return Position(paid, cash_cents - paid)


def position_of(invoice: Invoice) -> Position:
    return Position(invoice.paid_cents, invoice.surplus_cents)


def settle(payable_cents: int, paid_cents: int, amount_cents: int) -> Effect:
    """Returns the effect of a payment: what settles the balance, and the surplus. Raises ValueError unless positive."""
    if amount_cents <= 0:
        raise ValueError("only a positive amount settles an invoice")
    applied = min(amount_cents, max(0, payable_cents - paid_cents))
    return Effect(applied, amount_cents - applied)


def payment_on(invoice: Invoice, amount_cents: int) -> Effect:
    """Returns the effect of a payment on this invoice. Raises ValueError unless it is positive."""
    return settle(invoice.payable_cents, invoice.paid_cents, amount_cents)


def refund_effect(current: Position, amount_cents: int) -> Effect:
    """Returns the effect of a refund: taken from the surplus first, then from the amount paid.

    Raises ValueError unless it is positive and at most the invoice's cash.
    """
    if not 0 < amount_cents <= current.cash_cents:
        raise ValueError("a refund is positive and never above what was received")
    from_surplus = min(amount_cents, current.surplus_cents)
    return Effect(from_surplus - amount_cents, -from_surplus)


def refundable_cents(payment_cents: int, refunded_cents: int, current: Position) -> int:
    """Returns the most that may still be refunded of one payment: limited by it and by the invoice's cash."""
    return max(0, min(payment_cents - refunded_cents, current.cash_cents))


def cancel(current: Position) -> Effect:
    """Returns the effect of a cancellation: the amount paid becomes a surplus."""
    return Effect(-current.paid_cents, current.paid_cents)
