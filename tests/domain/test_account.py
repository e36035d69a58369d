"""An account on a given day, and the address it waits for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.account import Address
from tests.support.people import DUPONT, HOME

NEW = Address(line_1="3 rue des Lilas", postcode="06990", town="Saint-Aubin-les-Pins")
MOVING = DUPONT.model_copy(update={"next_address": NEW, "moves_on": date(2026, 7, 1)})
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "address"), [(date(2026, 6, 30), HOME), (date(2026, 7, 1), NEW), (date(2027, 1, 1), NEW)]
)
def test_accepted_address_counts_from_its_own_day(day, address):
    assert MOVING.as_of(day).address == address


def test_day_of_the_move_stays_known_once_it_is_done():
    moved = MOVING.as_of(date(2026, 8, 1))
    assert (moved.next_address, moved.moves_on) == (None, date(2026, 7, 1))
    assert moved.as_of(date(2026, 6, 1)) == moved


def test_account_that_does_not_move_is_the_same_any_day():
    assert DUPONT.as_of(date(2030, 1, 1)) is DUPONT


def test_awaited_address_is_forgotten_when_its_link_dies():
    until = NOON + timedelta(hours=24)
    awaiting = DUPONT.model_copy(update={"email_pending": "new@example.org", "email_pending_until": until})
    assert awaiting.awaited_email(until - timedelta(seconds=1)) == "new@example.org"
    assert awaiting.awaited_email(until) is None
    assert DUPONT.awaited_email(NOON) is None
