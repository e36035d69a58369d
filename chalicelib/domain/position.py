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


def position(payable_cents: int, cash_cents: int, *, credit_cents: int = 0) -> Position:
    """Returns the amount paid and the surplus of an invoice of this payable amount with this cash.

    `credit_cents`: what a credit note gives; its amount paid is negative once some of it is used.
    Raises ValueError when more was given back, or used, than there was.
    """
    if cash_cents < -credit_cents:
        raise ValueError("an invoice cannot have given back more than it received")
    paid = min(max(payable_cents, 0), cash_cents)
    return Position(paid, cash_cents - paid)


def position_of(invoice: Invoice) -> Position:
    return Position(invoice.paid_cents, invoice.surplus_cents)


def effect_of(invoice: Invoice, amount_cents: int) -> Effect:
    """Returns the effect of an amount that an invoice receives, or gives back when negative.

    Received: it settles the balance, the rest is a surplus. Given back: taken from the surplus first.
    Raises ValueError for zero, and when more would be given back than there is.
    """
    if not amount_cents:
        raise ValueError("a movement of money has an amount")
    current = position_of(invoice)
    cash = current.cash_cents + amount_cents
    reached = position(invoice.payable_cents, cash, credit_cents=invoice.credit_note_cents)
    return Effect(reached.paid_cents - current.paid_cents, reached.surplus_cents - current.surplus_cents)


def refundable_cents(payment_cents: int, refunded_cents: int, current: Position) -> int:
    """Returns the most that may still be refunded of one payment: limited by it and by the invoice's cash."""
    return max(0, min(payment_cents - refunded_cents, current.cash_cents))


def cancel(current: Position) -> Effect:
    """Returns the effect of a cancellation: the amount paid becomes a surplus."""
    return Effect(-current.paid_cents, current.paid_cents)
