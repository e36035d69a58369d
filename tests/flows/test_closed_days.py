"""A day is closed, and the bank speaks late: through the web and the scheduled task, under their own rights."""

from datetime import date, timedelta

from chalicelib.domain.payment import AttemptState
from chalicelib.errors import Unavailable
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.close_day import DayToClose, close_day
from tests.handlers.tasks.test_payments import look_after
from tests.support.counting import counted_calls
from tests.support.payments.bank import signing_bank
from tests.support.payments.card_payments import REFERENCE, paid, started
from tests.support.payments.paying import say

TODAY = date(2026, 6, 10)


def close(portal, day=TODAY):
    return close_day(DayToClose(day, "camille"), stores=portal.stores, clock=portal.clock).closing


def test_notice_of_a_closed_day_is_booked_on_the_first_open_day(portal):
    closing = close(portal)
    paid(portal)
    (entry,) = portal.stores.ledger.of("169165")
    assert (entry.counted_on, entry.received_on) == (TODAY + timedelta(days=1), TODAY)
    assert portal.stores.payments.find(REFERENCE).state is AttemptState.PAID
    assert portal.stores.closings.find(TODAY) == closing
    assert audit(stores=portal.stores).sound


def test_notice_that_waited_while_its_day_was_closed_is_booked_by_the_clock(portal, monkeypatch):
    started(portal)

    def crash(*_):
        raise Unavailable("crash")

    with monkeypatch.context() as crashing:
        crashing.setattr("chalicelib.store.money.MoneyTransactions.write", crash)
        assert say(signing_bank().notice(REFERENCE)).status == 500
    close(portal)
    portal.clock.advance(days=1)
    look_after(portal)
    (entry,) = portal.stores.ledger.of("169165")
    assert (entry.counted_on, entry.day) == (TODAY + timedelta(days=1), TODAY)
    assert audit(stores=portal.stores).sound


def test_ordinary_payment_makes_no_more_calls_once_days_are_closed(portal):
    started(portal)
    with counted_calls(portal) as before:
        assert say(signing_bank().notice(REFERENCE)).status == 200
    close(portal, TODAY - timedelta(days=1))
    started(portal, "BBBBBB-GHIJKL-MNOPQR-STUVWX", "150001", 100)
    with counted_calls(portal) as after:
        assert say(signing_bank().notice("BBBBBB-GHIJKL-MNOPQR-STUVWX", cents=100, transaction="85")).status == 200
    assert after == before
