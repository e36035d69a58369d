"""The store of attempts, in memory and over moto: one contract; see also `test_money_transactions`."""

from datetime import timedelta
from functools import partial

import pytest

from chalicelib.domain.card_payment.share import MOST_INVOICES
from chalicelib.domain.payment import AttemptState
from chalicelib.errors import Unavailable
from chalicelib.store.payments import Work
from chalicelib.store.retry import retry
from tests.support.payments.payment_events import NOON, attempt, several

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def payments(stores):
    return stores.payments


def attempt_at(reference, created_at=NOON, **changes):
    return attempt(reference, **changes).model_copy(update={"created_at": created_at})


def test_attempt_comes_back_as_it_was_added_and_its_reference_is_used_once(payments):
    assert payments.add(attempt())
    assert not payments.add(attempt())
    assert payments.find("AAAAAA-BBBBBB") == attempt()
    assert payments.find("CCCCCC-DDDDDD") is None


def test_stale_reading_changes_nothing(payments):
    payments.add(attempt())
    refused = attempt().changed(NOON, state=AttemptState.REFUSED)
    assert payments.replace(attempt(), refused)
    assert not payments.replace(attempt(), attempt().changed(NOON, state=AttemptState.CANCELLED))
    assert not payments.replace(attempt(), refused), "without a writer's name it may be anybody's"
    assert payments.find("AAAAAA-BBBBBB") == refused


def test_attempt_that_is_not_there_is_not_replaced(payments):
    assert not payments.replace(attempt(), attempt().changed(NOON, written_by="a task"))
    assert payments.find("AAAAAA-BBBBBB") is None


def test_what_a_change_does_not_name_stays_as_it_stands(payments):
    payments.add(attempt(receipt_number=7))
    assert payments.replace(attempt(), attempt().changed(NOON, state=AttemptState.PAID))
    assert payments.find("AAAAAA-BBBBBB").receipt_number == 7


def test_oldest_attempts_come_first_whichever_was_written_first(payments):
    for one in (attempt_at("A", LATER), attempt_at("B"), attempt_at("C", LATER + timedelta(days=1))):
        assert payments.add(one)
    assert [one.reference for one in payments.of_invoice("169165")] == ["B", "A", "C"]
    assert [one.reference for one in payments.at_work(Work.OPEN)] == ["B", "A", "C"]
    assert payments.of_invoice("169166") == []


def test_kinds_of_work_come_in_the_order_asked(payments):
    for one in (attempt_at("A", LATER, state=AttemptState.NEEDS_REVIEW, closed_at=NOON), attempt_at("B")):
        assert payments.add(one)
    assert [one.reference for one in payments.at_work(Work.NEEDS_REVIEW, Work.OPEN)] == ["A", "B"]
    assert list(payments.at_work()) == []


def test_every_attempt_is_read_once(payments):
    for reference in "ABC":
        assert payments.add(attempt_at(reference))
    assert sorted(one.reference for one in payments.every()) == ["A", "B", "C"]


def refuse(current):
    return current.changed(NOON, state=AttemptState.REFUSED)


def test_change_is_made_on_the_attempt_as_it_is_stored_now(payments):
    payments.add(attempt(receipt_number=7))
    stale = attempt(receipt_number=7)
    payments.replace(stale, stale.changed(NOON, refunded_cents=100))
    written = payments.change("AAAAAA-BBBBBB", refuse, first=stale)
    assert (written.state, written.refunded_cents, written.version) == (AttemptState.REFUSED, 100, 2)
    assert payments.find("AAAAAA-BBBBBB") == written
    assert payments.change("AAAAAA-BBBBBB", refuse) == written, "nothing is left to change"


def test_change_that_declines_and_one_of_an_unknown_reference_write_nothing(payments):
    payments.add(attempt())
    assert payments.change("AAAAAA-BBBBBB", lambda _: None) is None
    assert payments.change("CCCCCC-DDDDDD", refuse) is None
    assert payments.find("AAAAAA-BBBBBB") == attempt()
    assert payments.find("CCCCCC-DDDDDD") is None


def test_change_that_conflicts_at_every_try_is_given_up(payments, monkeypatch):
    payments.add(attempt())
    monkeypatch.setattr("chalicelib.store.payments.retry", partial(retry, wait=lambda _: None))
    monkeypatch.setattr(payments, "replace", lambda before, after: False)
    with pytest.raises(Unavailable, match="payments: conflicting changes"):
        payments.change("AAAAAA-BBBBBB", refuse)


def of_several(count, reference="AAAAAA-BBBBBB"):
    return several(count, reference)[1]


@pytest.mark.parametrize("count", [2, 3, MOST_INVOICES])
def test_attempt_of_several_invoices_is_found_from_each(payments, count):
    mine = of_several(count)
    assert payments.add(mine)
    assert payments.find("AAAAAA-BBBBBB") == mine
    assert [payments.of_invoice(number) for number in mine.invoice_numbers] == [[mine]] * count
    assert (list(payments.every()), list(payments.at_work(Work.OPEN))) == ([mine], [mine])


def test_what_leads_to_an_attempt_is_no_attempt(payments):
    payments.add(of_several(2))
    assert payments.find("AAAAAA-BBBBBB#169167") is None
    assert payments.change("AAAAAA-BBBBBB#169167", lambda found: found) is None


def test_attempts_of_one_and_of_several_invoices_are_found_together_and_as_they_are_now(payments):
    later = attempt("CCCCCC-DDDDDD").model_copy(update={"invoice_number": "169167", "created_at": LATER})
    mine = of_several(2)
    assert payments.add(mine)
    assert payments.add(later)
    paid = mine.changed(NOON, state=AttemptState.PAID)
    assert payments.replace(mine, paid)
    assert payments.of_invoice("169167") == [paid, later]


def test_reference_of_an_attempt_of_several_is_used_once(payments):
    assert payments.add(of_several(2))
    assert not payments.add(of_several(3))
    assert payments.of_invoice("169169") == []
