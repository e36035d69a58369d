"""A child and the services that it uses each month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from chalicelib.domain.family import Child
from local.town.names import COLLEGE
from local.town.school import HOLIDAY_DAYS, SCHOOL_DAYS, class_on, in_town_school, level_on
from local.town.tariffs import SERVICES, Service


@dataclass(frozen=True)
class Use:
    """A service that a child uses on so many days in a hundred."""

    service: Service
    days: int


@dataclass(frozen=True)
class Pupil:
    """A child in the class of its age, and the services it uses while it is in the town's schools."""

    child: Child
    born_on: date
    uses: tuple[Use, ...]

    def consumed(self, month: date, random: Random) -> Iterator[tuple[Service, int]]:
        """Yields services and how many times each was used that month."""
        for use in self.uses if in_town_school(self.born_on, month) else ():
            open_days = (HOLIDAY_DAYS if use.service.on_holidays else SCHOOL_DAYS)[month.month]
            times = (open_days * (use.days + random.randrange(-8, 9)) + 50) // 100
            if times > 0 and level_on(self.born_on, month) >= use.service.first_level:
                yield use.service, times


def pupil(random: Random, child: Child, school: str, today: date) -> Pupil:
    """Returns a child with its class, and services drawn at random by the town's shares."""
    born_on = child.born_on or today
    uses = tuple(
        Use(service, random.randrange(*service.days)) for service in SERVICES if random.randrange(100) < service.share
    )
    return Pupil(_schooled(child, born_on, school, today, uses), born_on, uses)


def _schooled(child: Child, born_on: date, school: str, today: date, uses: tuple[Use, ...]) -> Child:
    name = class_on(born_on, today)
    here = in_town_school(born_on, today)
    activities = tuple(use.service.name for use in uses) if here else ()
    return child.model_copy(
        update={"school": (school if here else COLLEGE) if name else "", "class_name": name, "activities": activities}
    )
