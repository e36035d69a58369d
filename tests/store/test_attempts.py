"""The counts of failed tries, over moto: conditions decide, TTL only sweeps."""

from datetime import timedelta

import pytest

from chalicelib.services.authentication.counts import ACCOUNT_RULE, SOURCE_RULE

CLE = ("clé",)


@pytest.fixture
def attempts(portal):
    return portal.stores.attempts


def reserve(attempts, clock, below=7, rule=ACCOUNT_RULE):
    counted = attempts.reserve(CLE, now=clock(), below=below, rule=rule)
    return counted and counted.failures


def test_tries_are_counted_up_to_the_limit(attempts, clock):
    assert [reserve(attempts, clock) for _ in range(9)] == [1, 2, 3, 4, 5, 6, 7, None, None]


def test_refused_try_changes_nothing(attempts, clock):
    for _ in range(7):
        reserve(attempts, clock)
    first = attempts.read([CLE])
    clock.advance(minutes=5)
    assert reserve(attempts, clock) is None
    assert attempts.read([CLE]) == first


def test_account_s_count_dies_after_its_last_failure(attempts, clock):
    reserve(attempts, clock)
    clock.advance(minutes=14)
    assert reserve(attempts, clock) == 2
    clock.advance(minutes=14)
    assert reserve(attempts, clock) == 3
    clock.advance(minutes=15)
    assert reserve(attempts, clock) == 1


def test_source_s_count_dies_after_its_first_failure(attempts, clock):
    for minute in range(5):
        assert reserve(attempts, clock, rule=SOURCE_RULE) == minute + 1
        clock.advance(minutes=1)
    assert reserve(attempts, clock, rule=SOURCE_RULE) == 1


def test_released_try_no_longer_counts_and_never_goes_below_zero(attempts, clock):
    reserve(attempts, clock)
    for _ in range(3):
        attempts.release(CLE)
    assert attempts.read([CLE])[0].failures == 0
    attempts.release(("jamais vue",))
    assert attempts.read([("jamais vue",)])[0].failures == 0


def test_cleared_count_is_forgotten(attempts, clock):
    reserve(attempts, clock)
    attempts.clear(CLE)
    assert attempts.read([CLE])[0].failures == 0


def test_counts_are_swept_after_they_died(portal, attempts, clock):
    reserve(attempts, clock)
    (item,) = portal.clients.dynamodb.scan(TableName=portal.settings.table("attempts"))["Items"]
    assert int(item["expires_at"]["N"]) >= (clock() + timedelta(minutes=15)).timestamp()
