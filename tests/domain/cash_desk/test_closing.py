"""A day's totals and what the agent counted."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.cash_desk.closing import Closing, DayTotals, MethodTotal

TOTALS = DayTotals(
    methods=(
        MethodTotal(method="especes", count=3, received_cents=5000, refunded_cents=700, undone_cents=300,
                    surplus_cents=10),
        MethodTotal(method="cheque", count=1, received_cents=2000, refunded_cents=0, undone_cents=0, surplus_cents=0),
    )
)  # fmt: skip


def closing(**changes):
    facts = {"day": date(2026, 6, 10), "number": 1, "closed_at": datetime(2026, 6, 10, 16, tzinfo=UTC), "agent": "a"}
    return Closing(**(facts | {"totals": TOTALS} | changes))


def test_net_is_received_less_given_back_less_undone():
    assert (TOTALS.net_of("especes"), TOTALS.net_of("cheque"), TOTALS.net_of("cesu")) == (4000, 2000, 0)
    assert (TOTALS.net_cents, TOTALS.count) == (6000, 4)


@pytest.mark.parametrize(("counted", "difference"), [(4000, 0), (3990, -10), (0, -4000), (4001, 1), (None, None)])
def test_difference_is_what_was_counted_less_what_was_expected(counted, difference):
    assert closing(counted_cash_cents=counted).cash_difference_cents == difference


def test_difference_is_unknown_without_totals():
    assert closing(counted_cash_cents=1, totals=None).cash_difference_cents is None
