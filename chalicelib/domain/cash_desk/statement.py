"""The statement of a period (*état*), and how an amount is shared in proportion, to the cent."""

from collections.abc import Sequence
from datetime import date

from chalicelib.domain.cash_desk.closing import MethodTotal
from chalicelib.domain.models import Model


class Statement(Model):
    """What was received in a period, in cents, by service and by payment method: both add up to the same.

    `services`: (name, share), by name; `undetailed_cents`: on invoices without lines; `surplus_cents`: received above
    the balances, less what was given back or used of it.
    """

    first: date
    last: date
    services: tuple[tuple[str, int], ...]
    undetailed_cents: int
    surplus_cents: int
    methods: tuple[MethodTotal, ...]

    @property
    def total_cents(self) -> int:
        return sum(one.net_cents for one in self.methods)


def share_out(amount_cents: int, weights: Sequence[int]) -> list[int]:
    """Returns the shares of an amount in proportion to the weights, whose sum it is; the same for the same arguments.

    Of equal remainders the first in order comes first. An amount given back is shared as it was when received, with
    the opposite sign. Raises ValueError when the weights add up to zero.
    """
    whole = sum(weights)
    if not whole:
        raise ValueError("nothing to share in proportion to")
    towards = 1 if whole > 0 else -1
    parts = [divmod(abs(amount_cents) * weight * towards, abs(whole)) for weight in weights]
    shares = [share for share, _ in parts]
    by_remainder = sorted(range(len(parts)), key=lambda n: -parts[n][1])
    for n in by_remainder[: abs(amount_cents) - sum(shares)]:
        shares[n] += 1
    return shares if amount_cents >= 0 else [-share for share in shares]
