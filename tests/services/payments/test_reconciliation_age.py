"""How long payments by card have waited for the bank's export, without reading more of the ledger than it takes."""

from datetime import timedelta

import pytest

from chalicelib.formats import day_in_paris
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.reconcile import keep_reconciliation, reconcile
from chalicelib.services.payments.reconciliation_age import MOST_DAYS, days_without_reconciliation
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import NOON, attempt, clock_at_noon, notice
from tests.support.people import invoice

DAY = day_in_paris(NOON)


@pytest.fixture
def clock():
    return clock_at_noon()


@pytest.fixture
def stores(clock):
    """With a payment by card on the day of the clock."""
    stores = memory_stores(invoices=[invoice()], attempts=[attempt()])
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    return stores


def waited(stores, clock, days):
    clock.advance(days=days)
    return days_without_reconciliation(stores=stores, clock=clock)


def test_a_payment_that_no_export_covers_is_late_on_the_tenth_day(stores, clock):
    assert waited(stores, clock, 0) == 0
    assert waited(stores, clock, 9) == 0
    assert waited(stores, clock, 1) == 10
    assert waited(stores, clock, 20) == 30


def test_without_a_payment_nothing_is_late(clock):
    assert waited(memory_stores(), clock, 400) == 0


def test_a_reconciliation_ends_the_wait_until_the_next_payment(stores, clock):
    clock.advance(days=12)
    done = reconcile([(2, notice())], stores=stores, clock=clock)
    keep_reconciliation(done, stores=stores, clock=clock)
    assert (stores.reconciliations.last().covered_until, stores.reconciliations.last().reconciled_at) == (DAY, clock())
    assert waited(stores, clock, 0) == 0
    assert waited(stores, clock, 60) == 0
    later = notice(transaction="84").model_copy(update={"paid_on": day_in_paris(clock())})
    settle_notice(later, known_source=True, stores=stores, clock=clock)
    assert waited(stores, clock, 9) == 0
    assert waited(stores, clock, 2) == 11


def test_an_empty_export_covers_no_payment(stores, clock):
    keep_reconciliation(reconcile([], stores=stores, clock=clock), stores=stores, clock=clock)
    assert waited(stores, clock, 11) == 11


def test_lines_that_were_left_are_days_of_the_export_too(stores, clock):
    done = reconcile([(2, notice(reference="B")), (3, notice(reference="C"))], stores=stores, clock=clock)
    assert (done.lines, len(done.shared)) == ([], 2)
    keep_reconciliation(done, stores=stores, clock=clock)
    assert stores.reconciliations.last().covered_until == DAY


def test_the_ledger_is_read_only_when_the_last_export_is_old(stores, clock):
    stores.reconciliations.keep(clock(), DAY)
    asked = []
    between = stores.ledger.between
    stores.ledger.between = lambda first, last: asked.append((last - first).days + 1) or between(first, last)
    for _ in range(3):
        waited(stores, clock, 3)
    assert max(asked) <= 0, "no day to read"
    waited(stores, clock, 300)
    assert asked[-1] == (MOST_DAYS - timedelta(days=10)).days + 1
