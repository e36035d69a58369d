"""Closing a day: its totals never change again, whatever comes late, whatever crashes; the audit agrees each time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.payment import AttemptState
from chalicelib.domain.settlement import Settlement
from chalicelib.errors import MoneyRefused, Unavailable
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from chalicelib.services.payments.close_day import (
    DayToClose,
    close_day,
    closing_key,
    keep_closing_document,
    open_days,
    open_days_with_money,
)
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.offset_credit import Offset, offset_credit
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.reconcile import reconcile
from chalicelib.services.payments.refund import Refund, refund
from chalicelib.services.payments.return_surplus import SurplusReturn, return_surplus
from chalicelib.services.payments.settle_at_counter import settle_at_counter
from chalicelib.services.payments.settlement_outcome import LineOutcome
from chalicelib.services.payments.undo_movement import movement_id, undo_movement
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, notice
from tests.support.people import DUPONT, invoice

TODAY, TOMORROW, DAY_AFTER = date(2026, 6, 10), date(2026, 6, 11), date(2026, 6, 12)
CREDIT = invoice("169170", billed_cents=-500, lines=())


@pytest.fixture
def clock():
    return StoppedClock(datetime(2026, 6, 10, 14, 0, tzinfo=UTC))


@pytest.fixture
def stores():
    bills = [invoice(), invoice("169167", billed_cents=1200), CREDIT]
    return memory_stores(accounts=[DUPONT], invoices=bills, attempts=[attempt()])


@pytest.fixture
def close(stores, clock):
    def close(day=TODAY, **asked):
        dry_run = asked.pop("dry_run", False)
        done = close_day(DayToClose(day, "camille", **asked), stores=stores, clock=clock, dry_run=dry_run)
        assert audit(stores=stores).sound
        return done

    return close


@pytest.fixture
def settle(stores, clock):
    def settle(cents, means="especes", reference="", day=TODAY, number="169165"):
        clock.advance(seconds=1)
        typed = Settlement(received_on=day, number=number, amount_cents=cents, means=means, reference=reference)
        return settle_at_counter(typed, stores=stores, clock=clock, agent="camille").line

    return settle


def nets(closing):
    return {one.method: (one.count, one.net_cents) for one in closing.totals.methods}


def days(stores, number="169165"):
    return [(entry.counted_on.day, entry.day.day) for entry in stores.ledger.of(number)]


def test_totals_per_method_and_the_difference_of_cash_are_kept(close, settle, stores):
    settle(1000)
    settle(2000, "cheque", "C1")
    settle(500, reference="R2")
    done = close(counted_cash_cents=1490, observations="Dix centimes sous le meuble.")
    assert (done.new, done.first, done.closing.number) == (True, True, 1)
    assert nets(done.closing) == {"especes": (2, 1500), "cheque": (1, 2000)}
    assert [one.method for one in done.closing.totals.methods] == ["especes", "cheque"]
    assert done.closing.cash_difference_cents == -10
    assert stores.closings.find(TODAY) == done.closing


def test_closed_again_it_is_as_it_was(close, settle, clock):
    settle(1000)
    first = close(counted_cash_cents=1000).closing
    clock.advance(hours=3)
    again = close(counted_cash_cents=5, observations="autre chose")
    assert (again.closing, again.new) == (first, False)


def test_dry_run_adds_up_and_writes_nothing(close, settle, stores):
    settle(1000)
    with stores.writes.none_expected():
        done = close(counted_cash_cents=900, dry_run=True)
    assert (nets(done.closing), done.closing.cash_difference_cents) == ({"especes": (1, 1000)}, -100)
    assert not stores.closings.is_closed(TODAY)


def test_empty_day_may_be_closed(close):
    assert close().closing.totals.methods == ()


def test_day_in_the_future_or_before_the_opening_is_not_closed(close, stores):
    with pytest.raises(MoneyRefused) as refusal:
        close(TOMORROW)
    assert (refusal.value.reason, refusal.value.day) == ("close_in_future", TOMORROW)
    close()
    with pytest.raises(MoneyRefused) as refusal:
        close(date(2026, 6, 9))
    assert (refusal.value.reason, refusal.value.day) == ("close_before_opening", TODAY)
    assert stores.closings.last() == 1


def test_earlier_open_days_that_hold_movements_are_named(close, settle, stores, clock):
    close()
    clock.advance(days=4)
    settle(1000, day=DAY_AFTER)
    close(date(2026, 6, 14))
    assert [*open_days(stores, date(2026, 6, 15))] == [TOMORROW, DAY_AFTER, date(2026, 6, 13), date(2026, 6, 15)]
    assert open_days_with_money(stores, date(2026, 6, 14)) == [DAY_AFTER]
    close(DAY_AFTER)
    assert open_days_with_money(stores, date(2026, 6, 14)) == []


def test_no_day_is_open_before_the_first_closing(settle, stores):
    settle(1000)
    assert [*open_days(stores, TOMORROW)] == open_days_with_money(stores, TOMORROW) == []


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("day", [TODAY, date(2026, 6, 9)])
def test_settlement_typed_for_a_closed_day_is_refused(close, stores, clock, day, dry_run):
    close()
    typed = Settlement(received_on=day, number="169165", amount_cents=1000, means="especes")
    with pytest.raises(MoneyRefused) as refusal:
        settle_at_counter(typed, stores=stores, clock=clock, agent="camille", dry_run=dry_run)
    assert (refusal.value.reason, refusal.value.day) == ("day_closed", day)
    assert stores.ledger.of("169165") == []


def test_settlement_typed_before_the_closing_gets_its_quittance_after_it(close, settle, stores):
    stores.writes.fail_at = {1: "before"}
    with pytest.raises(Unavailable):
        settle(1000)
    close()
    line = settle(1000)
    assert (line.outcome, line.entry.quittance) == (LineOutcome.KNOWN, 1)


def test_card_payment_known_late_is_counted_on_the_first_open_day_and_is_paid(close, stores, clock):
    kept = close().closing
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    assert days(stores) == [(11, 10)]
    assert stores.payments.find("AAAAAA-BBBBBB").state is AttemptState.PAID
    assert close().closing == kept
    clock.advance(days=1)
    late = close(TOMORROW).closing.totals
    assert (late.late_count, late.late_cents) == (1, 5700)


def test_export_of_the_bank_books_late_and_finds_what_was_counted_late(close, stores, clock):
    close()
    lines = [(2, notice())]
    reconcile(lines, stores=stores, clock=clock)
    assert days(stores) == [(11, 10)]
    other = notice(reference="ELSE")
    assert [one.reference for one in reconcile([(2, other)], stores=stores, clock=clock).absent] == ["AAAAAA-BBBBBB"]
    elsewhere = other.model_copy(update={"paid_on": TOMORROW})
    assert reconcile([(2, elsewhere)], stores=stores, clock=clock).absent == [], "it is a payment of another day"


def test_line_of_a_file_is_counted_later_once_and_known_by_its_own_day(close, stores, clock):
    close()
    line = Settlement(received_on=TODAY, number="169165", amount_cents=1000, means="cheque", reference="C1")
    outcomes = [
        import_settlements([(2, line)], stores=stores, clock=clock, agent="camille").lines[0].outcome for _ in range(2)
    ]
    assert (outcomes, days(stores)) == ([LineOutcome.BOOKED, LineOutcome.KNOWN], [(11, 10)])


def test_once_today_is_closed_the_counter_takes_money_on_the_first_open_day_and_no_later(close, stores, clock):
    def typed(day):
        one = Settlement(received_on=day, number="169165", amount_cents=900, means="especes")
        return settle_at_counter(one, stores=stores, clock=clock, agent="camille").line

    assert typed(TOMORROW).outcome is LineOutcome.FUTURE
    close()
    assert typed(TOMORROW).outcome is LineOutcome.BOOKED
    assert typed(DAY_AFTER).outcome is LineOutcome.FUTURE
    assert [entry.counted_on for entry in stores.ledger.of("169165")] == [TOMORROW]


def test_every_other_movement_of_a_closed_day_is_counted_later(close, settle, stores, clock):
    settle(6000, "cheque", "C1")
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    kept = close().closing
    (cheque,) = [entry for entry in stores.ledger.of("169165") if entry.reference == "C1"]
    refund(Refund("AAAAAA-BBBBBB", 100, "900", agent="camille"), stores=stores, clock=clock)
    clock.advance(seconds=1)
    back = SurplusReturn("169165", 200, "virement", "V1", TODAY, agent="camille")
    return_surplus(back, stores=stores, clock=clock)
    clock.advance(seconds=1)
    offset_credit(Offset("169165", "169167", 300, TODAY, "camille"), stores=stores, clock=clock)
    clock.advance(seconds=1)
    undo_movement("169165", movement_id(cheque), reason="impaye", agent="camille", stores=stores, clock=clock)
    clock.advance(seconds=1)
    cancel_invoice(Cancellation("169167", "erreur", "camille"), stores=stores, clock=clock)
    assert sorted(days(stores)) == [(10, 10)] * 2 + [(11, 10)] * 4
    assert days(stores, "169167") == [(11, 10)] * 2
    assert close().closing == kept
    assert [entry.reverses for entry in stores.ledger.of("169165") if entry.reverses] == [cheque.key]
    clock.advance(days=1)
    totals = close(TOMORROW).closing.totals
    assert nets(close(TOMORROW).closing) == {
        "cheque": (1, -6000), "carte bancaire": (1, -100), "virement": (1, -200)
    }  # fmt: skip
    assert (totals.late_count, totals.late_cents) == (3, -6300)


def test_movement_of_today_is_counted_today_beside_a_closed_yesterday(close, settle, stores, clock):
    close()
    clock.advance(days=1)
    settle(1000, day=TOMORROW)
    assert days(stores) == [(11, 11)]


def test_document_is_drawn_once(close, stores):
    closing = close().closing
    drawings = iter([b"first", b"second"])

    def keep():
        return keep_closing_document(closing, draw=lambda _: next(drawings), documents=stores.documents)

    assert (keep(), keep()) == (b"first", b"first")
    assert stores.documents.items == {closing_key(TODAY): b"first"}


def evening(stores, clock, closed_with):
    """A counter's evening, whole: two settlements, a closing, a late card payment, the next day's closing."""
    for cents, reference in ((1000, "R1"), (2000, "R2")):
        typed = Settlement(received_on=TODAY, number="169165", amount_cents=cents, means="especes", reference=reference)
        settle_at_counter(typed, stores=stores, clock=clock, agent="camille")
    for day in (TODAY, TOMORROW):
        if day == TOMORROW:
            settle_notice(notice(), known_source=True, stores=stores, clock=clock)
        now = max(clock(), datetime(2026, 6, day.day, 16, 0, tzinfo=UTC))
        done = close_day(DayToClose(day, "camille", 3000), stores=stores, clock=StoppedClock(now))
        closed_with.setdefault(day, done.closing)
        assert done.closing == closed_with[day]
        keep_closing_document(done.closing, draw=lambda one: str(one).encode(), documents=stores.documents)


WRITES_OF_AN_EVENING = 11
"""Four for the settlements and their quittances, three for each closing, one for the card payment."""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", range(WRITES_OF_AN_EVENING))
def test_each_step_is_safe_to_repeat_after_a_crash(stores, clock, place, when):
    """Twenty-two crashes: the evening done again ends as one without a crash."""
    stores.writes.fail_at = {place: when}
    closed_with = {}
    with pytest.raises(Unavailable):
        evening(stores, clock, closed_with)
    evening(stores, clock, closed_with)
    assert audit(stores=stores).sound
    assert [nets(stores.closings.find(day)) for day in (TODAY, TOMORROW)] == [
        {"especes": (2, 3000)},
        {"carte bancaire": (1, 5700)},
    ]
    assert (stores.closings.last(), stores.quittances.last()) == (2, 2)
    assert sorted(stores.documents.items) == [closing_key(TODAY), closing_key(TOMORROW)]
    with stores.writes.none_expected():
        evening(stores, clock, closed_with)


def test_crashes_cover_every_write(stores, clock):
    evening(stores, clock, {})
    assert stores.writes.done == WRITES_OF_AN_EVENING


def test_audit_finds_totals_that_the_entries_do_not_bear_out(close, settle, stores):
    settle(1000)
    closing = close().closing
    (place,) = stores.ledger.items
    entry = stores.ledger.items[place]
    stores.ledger.items[place] = entry.model_copy(update={"counted_on": TOMORROW})
    assert audit(stores=stores).closings == [closing]
    stores.ledger.items[place] = entry
    stores.closings.items[TODAY] = closing.model_copy(update={"totals": None})
    found = audit(stores=stores)
    assert ([one.day for one in found.closings], found.sound) == ([TODAY], False)


def test_day_long_ago_counts_for_nothing_before_any_closing(settle, stores):
    settle(1000, day=TODAY - timedelta(days=2))
    assert days(stores) == [(8, 8)]
