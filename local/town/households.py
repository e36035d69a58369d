"""Generates households from the seed and their rank, each independent of the others."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random
from typing import NamedTuple

from chalicelib.domain.account import Account, Address, DeliveryMode, Holder
from chalicelib.domain.family import Child
from local.town.names import LAST_NAMES, LIGATURES, MEN, SCHOOLS, SECOND_LINES, STREETS, WOMEN
from local.town.pupils import Pupil, pupil

AGES = range(3, 17)
"""Ages up to 16, beyond the town's schools: five years ago as many families were billed as today."""

QUOTIENTS = ((120, 400), (400, 700), (700, 1000), (1000, 1500), (1500, 3200))
"""Euros: the brackets of the tariffs."""


class Numbers(NamedTuple):
    """First numbers of a town: two usernames and one family number per household."""

    username: int
    family: int

    def of(self, rank: int, parent: int) -> "Numbers":
        """Returns the numbers of a parent (0 or 1) of the household of that rank."""
        return Numbers(self.username + 2 * rank + parent, self.family + rank)


GENERATED = Numbers(username=200_000, family=8_000)
"""Apart from the demo's numbers, so that a town of any size can be imported with it."""


@dataclass(frozen=True)
class Household:
    """A family: its children, and one account, or two when the parents live apart."""

    accounts: tuple[Account, ...]
    pupils: tuple[Pupil, ...]

    @property
    def family(self) -> str:
        return self.accounts[0].family


def seeded_random(seed: object, *marks: object) -> Random:
    """Returns a random generator that is always the same for the same seed and marks."""
    return Random("/".join(map(str, (seed, *marks))))  # noqa: S311 - a fictional town, not a secret


@lru_cache(maxsize=10_000)
def household(rank: int, *, seed: int, today: date, numbers: Numbers = GENERATED) -> Household:
    """Returns the household of that rank (from 0), always the same for a seed and a day."""
    random = seeded_random(seed, rank)
    apart = random.randrange(100) < 7
    accounts = tuple(_account(random, numbers.of(rank, parent)) for parent in range(2 if apart else 1))
    count = random.choices((1, 2, 3, 4, 5), weights=(41, 41, 14, 3, 1))[0]
    children = [_child(random, accounts[0].holder.last_name, name, today) for name in random.sample(WOMEN + MEN, count)]
    school = random.choice(SCHOOLS)
    return Household(accounts, tuple(pupil(random, child, school, today) for child in children))


def _account(random: Random, own: Numbers) -> Account:
    username = str(own.username)
    civility, first_names = random.choice((("Mme", WOMEN), ("M.", MEN)))
    holder = Holder(civility=civility, last_name=random.choice(LAST_NAMES), first_name=random.choice(first_names))
    reach = random.randrange(100)  # mobile numbers are those kept for works of fiction (ARCEP, 06 39 98)
    return Account(
        username=username,
        family=str(own.family),
        holder=holder,
        address=_address(random),
        email=email_of(holder, username) if reach < 86 else None,
        mobile=f"063998{random.randrange(10**4):04d}" if random.randrange(100) < 90 else None,
        delivery_mode=DeliveryMode.EMAIL if reach < 40 else DeliveryMode.PAPER,
        quotient_cents=_quotient(random),
        direct_debit=random.randrange(100) < 9,
    )


def _quotient(random: Random) -> int | None:
    """Returns a *quotient familial* in cents; None for the few families that do not declare it."""
    bracket = random.choices((*QUOTIENTS, None), weights=(13, 19, 22, 23, 16, 7))[0]
    return random.randrange(*bracket) * 100 if bracket else None


def _address(random: Random) -> Address:
    return Address(
        line_1=f"{random.randrange(1, 120)} {random.choice(STREETS)}",
        line_2=random.choice(SECOND_LINES),
        postcode="06990",
        town="Saint-Aubin-les-Pins",
    )


def _child(random: Random, last_name: str, first_name: str, today: date) -> Child:
    born_on = date(today.year - random.choice(AGES), random.randrange(1, 13), random.randrange(1, 29))
    return Child(last_name=last_name, first_name=first_name, born_on=born_on)


def email_of(holder: Holder, username: str) -> str:
    """Returns « thi-mai.tran.200012@example.org »."""
    name = unicodedata.normalize("NFKD", f"{holder.first_name}.{holder.last_name}".translate(LIGATURES))
    return f"{name.encode('ascii', 'ignore').decode().lower()}.{username}@example.org"
