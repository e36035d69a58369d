"""Prices of the town's services by *quotient familial*, and how many children use them."""

from bisect import bisect_right
from dataclasses import dataclass

BRACKETS = (40_000, 70_000, 100_000, 150_000)
"""Lower bounds of the second to the fifth bracket of *quotient familial*, in cents."""


@dataclass(frozen=True)
class Service:
    """A service with its unit price (cents) in each bracket.

    `share`: how many children in a hundred use it; `days`: on how many days in a hundred, from the least to the most
    assiduous; `first_level`: the youngest class admitted.
    """

    name: str
    prices: tuple[int, int, int, int, int]
    share: int
    days: tuple[int, int]
    first_level: int = 0
    on_holidays: bool = False

    def price_cents(self, quotient_cents: int | None) -> int:
        """Returns the unit price in cents for a quotient in cents; without one, the highest."""
        if quotient_cents is None:
            return self.prices[-1]
        return self.prices[bisect_right(BRACKETS, quotient_cents)]


SERVICES = (
    Service("Restauration scolaire", (120, 210, 285, 390, 490), share=93, days=(50, 100)),
    Service("Garderie du matin", (55, 90, 130, 170, 205), share=44, days=(15, 85)),
    Service("Garderie du soir", (80, 135, 190, 245, 290), share=60, days=(15, 85)),
    Service("Étude surveillée", (65, 110, 155, 195, 240), share=48, days=(15, 85), first_level=3),
    Service("Accueil de loisirs du mercredi", (480, 780, 1090, 1430, 1820), share=35, days=(8, 26)),
    Service("Accueil de loisirs des vacances", (560, 860, 1230, 1640, 2060), share=30, days=(12, 60), on_holidays=True),
)
