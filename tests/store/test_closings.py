"""One contract for closed days, over DynamoDB as moto has it and over the tests' own fake.

Nothing is counted on a closed day, whatever books it; what an agent types is refused, all else is counted later.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Lock

import pytest
from botocore.client import BaseClient

from chalicelib.domain.cash_desk.closing import Closing, DayTotals, MethodTotal
from chalicelib.domain.ledger import COUNTER, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.settlement import Settlement
from chalicelib.errors import MoneyRefused
from chalicelib.store.closings import SHARDS
from tests.support.counting import counted_calls
from tests.support.people import invoice

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
TODAY, YESTERDAY, TOMORROW = date(2026, 6, 10), date(2026, 6, 9), date(2026, 6, 11)
TOTALS = DayTotals(
    methods=(
        MethodTotal(method="cheque", count=1, received_cents=1, refunded_cents=0, undone_cents=0, surplus_cents=0),
    )
)


def closing(day=TODAY, number=1, **changes):
    return Closing(day=day, number=number, closed_at=NOON, agent="camille", **changes)


def closed(stores, *days):
    for day in days:
        first = stores.closings.opening() is None
        assert stores.closings.close(closing(day, stores.closings.last() + 1), first=first)


@pytest.fixture
def stores(stores):
    for number in ("180000", "180001"):
        assert stores.invoices.add(invoice(number))
    stores.summaries.put_rows("dupont", [invoice(number).summary for number in ("180000", "180001")])
    return stores


def movement(stores, day=TODAY, cents=1000, number="180000", origin="", booked_at=NOON):
    current = stores.invoices.find("dupont", number)
    typed = Settlement(received_on=day, number=number, amount_cents=cents, means="cheque", reference="C1")
    entry = LedgerEntry.settlement(current, typed, booked_at=booked_at, agent="camille", origin=origin)
    return Movement.booking(entry, current)


def counted(stores, number="180000"):
    return [(entry.counted_on, entry.received_on, entry.day) for entry in stores.ledger.of(number)]


def test_closing_is_read_as_it_was_written(stores):
    written = closing(counted_cash_cents=0, observations="Rien à dire.")
    assert (stores.closings.find(TODAY), stores.closings.last(), stores.closings.opening()) == (None, 0, None)
    assert stores.closings.close(written, first=True)
    assert stores.closings.find(TODAY) == written
    assert list(stores.closings.every()) == [written]
    assert (stores.closings.last(), stores.closings.opening()) == (1, TODAY)


def test_day_is_closed_once_and_numbers_follow_each_other(stores):
    closed(stores, TODAY)
    assert not stores.closings.close(closing(TODAY, 2), first=False), "it is closed"
    assert not stores.closings.close(closing(TOMORROW, 1), first=False), "the number is taken"
    assert not stores.closings.close(closing(TOMORROW, 3), first=False), "it would leave a gap"
    assert not stores.closings.close(closing(TOMORROW, 2), first=True), "another was the first"
    assert [one.day for one in stores.closings.every()] == [TODAY]
    closed(stores, TOMORROW)
    assert (stores.closings.last(), stores.closings.opening()) == (2, TODAY)


def test_days_before_the_first_count_as_closed_and_others_may_stay_open(stores):
    assert not stores.closings.is_closed(YESTERDAY)
    closed(stores, TODAY, TOMORROW + timedelta(days=1))
    days = (YESTERDAY, TODAY, TOMORROW, date(2026, 6, 12), date(2026, 6, 13))
    assert [stores.closings.is_closed(day) for day in days] == [True, True, False, True, False]
    assert [stores.closings.first_open_day(day).day for day in days] == [11, 11, 11, 13, 13]


def test_totals_are_kept_once(stores):
    closed(stores, TODAY)
    assert stores.closings.keep_totals(TODAY, TOTALS).totals == TOTALS
    assert stores.closings.keep_totals(TODAY, DayTotals()).totals == TOTALS
    assert stores.closings.find(TODAY).totals == TOTALS


def test_movement_of_an_open_day_is_counted_on_its_day(stores):
    closed(stores, YESTERDAY)
    assert stores.money.write(movement(stores, origin=COUNTER))
    assert counted(stores) == [(TODAY, None, TODAY)]


@pytest.mark.parametrize("day", [YESTERDAY, date(2026, 6, 1)])
def test_movement_of_a_closed_day_or_before_the_opening_is_counted_today(stores, day):
    closed(stores, YESTERDAY)
    assert stores.money.write(movement(stores, day))
    assert counted(stores) == [(TODAY, day, day)]
    rows = {row.number: row.paid_cents for row in stores.summaries.find("dupont")}
    assert (stores.invoices.find("dupont", "180000").paid_cents, rows["180000"]) == (1000, 1000)


def test_movement_of_today_that_is_closed_is_counted_tomorrow(stores):
    closed(stores, TODAY)
    assert stores.money.write(movement(stores))
    assert counted(stores) == [(TOMORROW, TODAY, TODAY)]


def test_today_is_the_day_in_paris(stores):
    closed(stores, TODAY)
    assert stores.money.write(movement(stores, booked_at=datetime(2026, 6, 11, 22, 30, tzinfo=UTC)))
    assert counted(stores) == [(date(2026, 6, 12), TODAY, TODAY)]


@pytest.mark.parametrize("day", [YESTERDAY, date(2026, 6, 1)])
def test_what_is_typed_for_a_closed_day_is_refused_and_nothing_is_written(stores, day):
    closed(stores, YESTERDAY)
    with pytest.raises(MoneyRefused) as refusal:
        stores.money.write(movement(stores, day, origin=COUNTER))
    assert (refusal.value.reason, refusal.value.day, counted(stores)) == ("day_closed", day, [])
    assert stores.invoices.find("dupont", "180000").paid_cents == 0


def test_movements_of_two_invoices_are_counted_later_together(stores):
    closed(stores, YESTERDAY)
    assert stores.money.write(movement(stores, YESTERDAY), movement(stores, YESTERDAY, number="180001"))
    assert counted(stores) == counted(stores, "180001") == [(TODAY, YESTERDAY, YESTERDAY)]


def test_movement_whose_invoice_changed_is_not_booked_on_a_closed_day_either(stores):
    closed(stores, YESTERDAY)
    late = movement(stores, YESTERDAY)
    assert stores.money.write(movement(stores, cents=500))
    assert not stores.money.write(late)
    assert counted(stores) == [(TODAY, None, TODAY)]


def test_the_same_entry_is_never_booked_twice_across_a_closing(stores):
    first = movement(stores)
    assert stores.money.write(first)
    closed(stores, TODAY)
    assert not stores.money.write(first), "the entry is there"
    assert counted(stores) == [(TODAY, None, TODAY)]


def test_entries_of_a_day_are_those_it_counts(stores):
    closed(stores, YESTERDAY)
    stores.money.write(movement(stores, YESTERDAY))
    assert [entry.day for entry in stores.ledger.on(TODAY)] == [YESTERDAY]
    assert list(stores.ledger.on(YESTERDAY)) == []


@pytest.fixture
def real(portal):
    return portal


def test_ordinary_movement_is_one_call_and_checks_one_mark_of_its_own(real):
    booked = movement(real.stores, number="169165")
    with counted_calls(real) as calls:
        assert real.stores.money.write(booked)
    assert dict(calls) == {"dynamodb.TransactWriteItems": 1}


def test_every_shard_of_a_closed_day_refuses(real):
    closed(real.stores, TODAY)
    numbers = [f"S-{n}" for n in range(4 * SHARDS)]
    parts = {
        check.request["ConditionCheck"]["Key"]["part"]["S"]
        for number in numbers
        for check in real.stores.closings.checks([entry_of(number)])
    }
    assert len(parts) == SHARDS
    for number in numbers:
        for check in real.stores.closings.checks([entry_of(number)])[1:]:
            key = check.request["ConditionCheck"]["Key"]
            assert real.clients.dynamodb.get_item(TableName=real.settings.table("closings"), Key=key).get("Item")


def entry_of(number):
    return LedgerEntry(
        key="k", kind="OTHER", invoice_number=number, username="dupont", applied_cents=1, surplus_cents=0,
        counted_on=TODAY, booked_at=NOON,
    )  # fmt: skip


@pytest.fixture
def one_call_at_a_time(monkeypatch):
    """As DynamoDB's transactions are: moto's are not."""
    call, lock = BaseClient._make_api_call, Lock()

    def alone(*given):
        with lock:
            return call(*given)

    monkeypatch.setattr(BaseClient, "_make_api_call", alone)


@pytest.mark.usefixtures("one_call_at_a_time")
def test_nothing_slips_into_a_day_that_is_being_closed(stores):
    """Movements and the closing at once: what is counted on the day is there when the closing reads it."""
    for n in range(12):
        assert stores.invoices.add(invoice(f"19000{n:02}"))

    def book(n):
        assert stores.money.write(movement(stores, number=f"19000{n:02}")) or book(n)
        return True

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(book, n) for n in range(6)]
        closed(stores, TODAY)
        read = {entry.invoice_number for entry in stores.ledger.on(TODAY)}
        jobs += [pool.submit(book, n) for n in range(6, 12)]
        for job in jobs:
            job.result()
    assert {entry.invoice_number for entry in stores.ledger.on(TODAY)} == read
    assert len(read) + len(list(stores.ledger.on(TOMORROW))) == 12
