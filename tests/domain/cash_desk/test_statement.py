"""Sharing an amount in proportion: to the cent, deterministic, and undone exactly."""

import random

import pytest

from chalicelib.domain.cash_desk.statement import share_out


@pytest.mark.parametrize(
    ("cents", "weights", "shares"),
    [
        (5700, [3720, 900, 1080], [3720, 900, 1080]),
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (1, [1, 5, 3], [0, 1, 0]),
        (10, [0, 7], [0, 10]),
        (0, [3, 4], [0, 0]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (2000, [3000, -1000], [3000, -1000]),
        (1000, [3000, -1000], [1500, -500]),
        (1, [3000, -1000], [2, -1]),
        (-1200, [-1000, -200], [-1000, -200]),
    ],
)
def test_shares(cents, weights, shares):
    assert share_out(cents, weights) == shares
    assert share_out(-cents, weights) == [-share for share in shares]


def test_shares_always_add_up_and_stay_within_a_cent_of_the_proportion():
    chance = random.Random(7)  # noqa: S311
    for _ in range(500):
        weights = [chance.randint(-300, 900) for _ in range(chance.randint(1, 9))]
        cents, whole = chance.randint(-9999, 9999), sum(weights)
        if not whole:
            continue
        shares = share_out(cents, weights)
        assert sum(shares) == cents
        assert all(
            abs(share * whole - cents * weight) < abs(whole) for share, weight in zip(shares, weights, strict=True)
        )


def test_nothing_is_shared_in_proportion_to_nothing():
    with pytest.raises(ValueError, match="proportion"):
        share_out(100, [5, -5])
