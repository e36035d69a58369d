"""Money is integer cents; a line's amount is its quantity times its price, rounded half-up to the cent."""

from decimal import ROUND_HALF_UP, Decimal


def line_amount_cents(quantity: Decimal, unit_price_cents: int) -> int:
    """Quantity × unit price (cents), half-up: 2.5 × 33 → 83; −2.5 × 33 → −83."""
    return int((quantity * unit_price_cents).quantize(Decimal(1), rounding=ROUND_HALF_UP))
