"""Failures of the whole town: added up over five minutes and several items, flagged once too many, and no longer."""

from datetime import timedelta

import pytest

from chalicelib.services.authentication.counts import town_captcha_count
from chalicelib.services.authentication.town_failures import SHARDS, count_town_failure, town_captcha_until
from tests.support.counting import counted_calls
from tests.support.stored_data import rows_of


@pytest.fixture
def fail(portal, clock):
    """Fail once under this name, as a sign-in that read the flag before. Returns whether the captcha is for all."""

    def fail(name, most=20):
        attempts, now = portal.stores.attempts, clock()
        until = town_captcha_until(attempts.read([town_captcha_count()])[0], now)
        return count_town_failure(name, most=most, until=until, attempts=attempts, now=now)

    return fail


def test_the_failure_that_is_one_too_many_says_so_and_each_after_it(fail):
    assert [fail(f"famille{n}") for n in range(22)] == [False] * 19 + [True] * 3


def test_failures_are_spread_over_items_and_one_account_s_are_on_one(portal, fail):
    for n in range(40):
        fail(f"famille{n}", most=1000)
    assert len(rows_of(portal, "attempts")) == SHARDS


def test_failures_of_more_than_five_minutes_ago_no_longer_count(fail, clock):
    for n in range(19):
        fail(f"famille{n}")
    clock.advance(minutes=5)
    assert not fail("famille20")


def test_failures_of_several_minutes_are_added_up(fail, clock):
    said = []
    for n in range(20):
        said.append(fail(f"famille{n}"))
        clock.advance(seconds=12)
    assert said == [False] * 19 + [True]


def test_it_ends_five_minutes_after_it_began_when_nobody_fails_any_more(portal, fail, clock):
    for n in range(20):
        fail(f"famille{n}")
    (flag,) = portal.stores.attempts.read([town_captcha_count()])
    assert town_captcha_until(flag, clock() + timedelta(seconds=299)) == clock() + timedelta(minutes=5)
    assert town_captcha_until(flag, clock() + timedelta(seconds=300)) is None
    clock.advance(minutes=5)
    assert not fail("famille0")


def test_it_goes_on_without_a_gap_while_as_many_fail(portal, fail, clock):
    for n in range(20):
        fail(f"famille{n}")
    for n in range(60):
        clock.advance(seconds=12)
        assert fail(f"autre{n}")


def test_it_is_added_up_by_nobody_while_it_holds(portal, fail):
    for n in range(20):
        fail(f"famille{n}")
    with counted_calls(portal) as calls:
        fail("famille21")
    assert calls == {"dynamodb.BatchGetItem": 1, "dynamodb.UpdateItem": 1}, "the read is that of the flag"


def test_nothing_is_counted_where_it_is_off(portal, fail):
    assert not any(fail("famille", most=0) for _ in range(5))
    assert rows_of(portal, "attempts") == []
