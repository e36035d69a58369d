"""The ledger, in memory and over moto: one contract. Only the transactions of money write in it."""

from datetime import date, timedelta

import pytest

from tests.store.test_money_transactions import NEW, NOON, entry, movement


@pytest.fixture
def ledger(stores):
    """Entries of one invoice, written in no order: booked on one day, counted on three."""
    assert stores.invoices.add(NEW)
    for key, day, minutes in (("card#2", 10, 3), ("card#9", 12, 0), ("card#1", 10, 3), ("card#3", 9, 1)):
        booked = entry(key, 100, day).model_copy(update={"booked_at": NOON + timedelta(minutes=minutes)})
        assert stores.money.write(movement(stores, booked))
    return stores.ledger


def test_entries_of_an_invoice_come_in_the_order_they_were_booked(ledger):
    assert [one.key for one in ledger.of(NEW.number)] == ["card#9", "card#3", "card#1", "card#2"]
    assert ledger.of("999999") == []


def test_entries_between_two_days_come_day_after_day_both_included(ledger):
    def between(first, last):
        return [one.key for one in ledger.between(date(2026, 6, first), date(2026, 6, last))]

    assert between(9, 12) == ["card#3", "card#1", "card#2", "card#9"]
    assert between(10, 11) == ["card#1", "card#2"]
    assert between(11, 11) == between(12, 9) == []


def test_every_entry_is_read_once(ledger):
    assert sorted(one.key for one in ledger.every()) == ["card#1", "card#2", "card#3", "card#9"]
