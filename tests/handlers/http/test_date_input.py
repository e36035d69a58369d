"""Days as people write them."""

from datetime import date

import pytest

from chalicelib.handlers.http.date_input import read_day


@pytest.mark.parametrize(
    "typed",
    [
        "1/9/2026", "01/09/2026", "01.09.26", "1-9-2026", "1 9 2026", "2026-09-01", "1er septembre 2026",
        "1 septembre 2026", "1 SEPT 2026", " 1er  Sept. 2026 ",
    ],
)  # fmt: skip
def test_first_of_september_is_understood(typed):
    assert read_day(typed) == date(2026, 9, 1)


@pytest.mark.parametrize("typed", ["15 août 2026", "15 aout 2026", "15/08/2026"])
def test_accents_are_forgiven(typed):
    assert read_day(typed) == date(2026, 8, 15)


@pytest.mark.parametrize("typed", ["", "demain", "31/02/2026", "2026", "9/2026", "1 ju 2026", "0/0/2026", "1/13/2026"])
def test_what_is_no_day_is_none(typed):
    assert read_day(typed) is None
