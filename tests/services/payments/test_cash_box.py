"""What is in the cash box, and the cheques that a slip lists."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.settlement import Settlement
from chalicelib.services.payments.cash_box import at_the_counter, cash_box_movements, cheques_of
from chalicelib.services.payments.close_day import DayToClose, close_day
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.settle_at_counter import settle_at_counter
from chalicelib.services.payments.takings import totals_by_method
from chalicelib.services.payments.undo_movement import movement_id, undo_movement
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, notice
from tests.support.people import DUPONT, invoice

TODAY, TOMORROW = date(2026, 6, 10), date(2026, 6, 11)


@pytest.fixture
def clock():
    return StoppedClock(datetime(2026, 6, 10, 14, 0, tzinfo=UTC))


@pytest.fixture
def stores():
    return memory_stores(accounts=[DUPONT], invoices=[invoice(billed_cents=90000)], attempts=[attempt()])


def line(cents, means, reference, day=TODAY):
    return Settlement(received_on=day, number="169165", amount_cents=cents, means=means, reference=reference)


def settle(stores, clock, *given, **more):
    clock.advance(seconds=1)
    return settle_at_counter(line(*given, **more), stores=stores, clock=clock, agent="camille").line.entry


def close(stores, clock, day):
    close_day(DayToClose(day, "camille"), stores=stores, clock=clock)


def references(entries):
    return [entry.reference for entry in entries]


def test_before_any_closing_it_is_today_alone(stores, clock):
    settle(stores, clock, 1000, "especes", "R1", day=date(2026, 6, 9))
    settle(stores, clock, 1100, "especes", "R2")
    assert references(cash_box_movements(stores, TODAY)) == ["R2"]


def test_it_is_what_no_closing_counted_tomorrow_included(stores, clock):
    settle(stores, clock, 1000, "especes", "R1", day=date(2026, 6, 9))
    close(stores, clock, date(2026, 6, 9))
    settle(stores, clock, 1100, "cheque", "C1")
    assert references(cash_box_movements(stores, TODAY)) == ["C1"]
    close(stores, clock, TODAY)
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    assert references(cash_box_movements(stores, TODAY)) == ["AAAAAA-BBBBBB"]


def test_cash_and_cheques_come_first(stores, clock):
    settle(stores, clock, 1000, "ancv", "A1")
    settle(stores, clock, 1100, "cheque", "C1")
    settle(stores, clock, 1200, "especes", "R1")
    assert [one.method for one in totals_by_method(cash_box_movements(stores, TODAY))] == ["especes", "cheque", "ancv"]


def test_movements_of_the_counter_are_what_was_typed_and_all_cash_and_cheques(stores, clock):
    settle(stores, clock, 1000, "virement", "V1")
    file = [(2, line(1100, "virement", "V2")), (3, line(1200, "cheque", "C1"))]
    import_settlements(file, stores=stores, clock=clock, agent="camille")
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    assert references(at_the_counter(cash_box_movements(stores, TODAY))) == ["V1", "C1"]


def test_slip_lists_the_cheques_of_a_day_in_the_order_they_came(stores, clock):
    settle(stores, clock, 1200, "cheque", "C2")
    settle(stores, clock, 1100, "cheque", "C1")
    settle(stores, clock, 1000, "especes", "R1")
    settle(stores, clock, 1300, "cheque", "C0", day=date(2026, 6, 9))
    assert references(cheques_of(TODAY, stores=stores)) == ["C2", "C1"]


def test_cheque_undone_the_same_day_is_not_deposited_and_one_sent_back_later_stays(stores, clock):
    wrong, bounced = settle(stores, clock, 1100, "cheque", "C1"), settle(stores, clock, 1200, "cheque", "C2")
    undo_movement("169165", movement_id(wrong), reason="erreur", agent="camille", stores=stores, clock=clock)
    clock.advance(days=1)
    undo_movement("169165", movement_id(bounced), reason="impaye", agent="camille", stores=stores, clock=clock)
    assert references(cheques_of(TODAY, stores=stores)) == ["C2"]
    assert cheques_of(TOMORROW, stores=stores) == []
