"""The clock, the town's days, and the file that moves them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.clock import file_clock, system_clock
from chalicelib.formats import day_begins, day_in_paris


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 6, 23, 21, 59, tzinfo=UTC), date(2026, 6, 23)),
        (datetime(2026, 6, 23, 22, 0, tzinfo=UTC), date(2026, 6, 24)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_days_are_the_town_s(instant, day):
    assert day_in_paris(instant) == day


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 7, 1), datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_the_town(day, instant):
    assert day_begins(day) == instant
    assert day_in_paris(instant) == day


def test_file_moves_the_clock_at_each_call(tmp_path):
    file = tmp_path / "horloge"
    clock = file_clock(file)
    assert abs(clock() - system_clock()) < timedelta(seconds=5)
    file.write_text("+903\n")
    assert abs(clock() - system_clock() - timedelta(seconds=903)) < timedelta(seconds=5)
    file.write_text("-60.5")
    assert abs(clock() - system_clock() + timedelta(seconds=60.5)) < timedelta(seconds=5)
    file.write_text("0")
    assert abs(clock() - system_clock()) < timedelta(seconds=5)
    file.write_text("2026-11-23T09:00:00+01:00")
    assert clock() == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(("text", "told"), [("2026-11-23T09:00:00", "offset"), ("demain", "demain"), ("+", r"\+")])
def test_what_is_no_instant_is_refused(tmp_path, text, told):
    file = tmp_path / "horloge"
    file.write_text(text)
    with pytest.raises(ValueError, match=told):
        file_clock(file)()
