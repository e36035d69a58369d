"""School years and months: class by age, school and holiday days per month."""

from collections.abc import Iterator
from datetime import date

from chalicelib.formats import MONTHS
from local.town.names import CLASSES, COLLEGE_CLASSES

FIRST_LEVEL_AGE = 3
SCHOOL_DAYS = (0, 15, 9, 16, 9, 14, 16, 4, 0, 16, 10, 15, 10)
"""Days of school (four a week) in each month, January at 1."""
HOLIDAY_DAYS = (0, 0, 9, 0, 9, 0, 0, 18, 14, 0, 8, 0, 4)
"""Days on which the holiday centre is open in each month."""


def level_on(born_on: date, day: date) -> int:
    """Returns 0 in *petite section*, 7 in *CM2*; below and above, the child is not in the town's schools."""
    school_year = day.year if day.month >= 9 else day.year - 1
    return school_year - born_on.year - FIRST_LEVEL_AGE


def in_town_school(born_on: date, day: date) -> bool:
    return 0 <= level_on(born_on, day) < len(CLASSES)


def class_on(born_on: date, day: date) -> str:
    """Returns « CE1 », « 6e »; empty before school and after *collège*."""
    level = level_on(born_on, day)
    names = CLASSES + COLLEGE_CLASSES
    return names[level] if 0 <= level < len(names) else ""


def months_before(day: date, count: int) -> Iterator[date]:
    """Yields the first days of the `count` months that ended before this day, oldest first."""
    for back in range(count, 0, -1):
        yield month_after(day, -back)


def month_after(month: date, count: int = 1) -> date:
    """Returns the first day of the month `count` months later."""
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def month_name(month: date) -> str:
    """Returns « mai 2026 »."""
    return f"{MONTHS[month.month - 1]} {month.year}"
