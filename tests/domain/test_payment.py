"""The states of an attempt, the numbers that tell payments apart."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from chalicelib.domain.payment import Alarm, Attempt, AttemptState, Notice

NOON = datetime(2026, 6, 24, 10, 0, tzinfo=UTC)


def attempt(**changes):
    facts = {"reference": "A", "invoice_number": "169165", "username": "100001", "amount_cents": 5700}
    return Attempt(**facts, receipt_email="camille.dupont@example.org", created_at=NOON).model_copy(update=changes)


def notice(code="00000", **changes):
    return Notice(reference="A", amount_cents=5700, code=code).model_copy(update=changes)


@pytest.mark.parametrize("cents", [0, -1])
def test_an_attempt_is_for_a_positive_amount(cents):
    with pytest.raises(ValidationError):
        Attempt(**{**attempt().model_dump(), "amount_cents": cents})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"transaction": "83"}, {"transaction": "83"}, True),
        ({"transaction": "83"}, {"transaction": "84"}, False),
        ({"transaction": "83", "call": "1"}, {"call": "1"}, True),
        ({"transaction": "83", "call": "1"}, {"call": "2"}, False),
        ({"transaction": "83"}, {"call": "2"}, True),
        ({"transaction": "83"}, {"transaction": "83", "code": "00105"}, False),
        ({"transaction": "0083"}, {"transaction": "83"}, True),
        ({"transaction": "8 300"}, {"transaction": "8300,00"}, True),
        ({"call": "000783"}, {"transaction": "83", "call": "783"}, True),
        ({"transaction": "8,1E+08", "call": "783"}, {"transaction": "810000001", "call": "783"}, True),
        ({"transaction": "8,1E+08", "call": "783"}, {"transaction": "810000001", "call": "784"}, False),
        ({"transaction": "0", "call": "783"}, {"transaction": "83", "call": "784"}, False),
    ],
)
def test_two_messages_tell_of_one_payment_by_the_numbers_they_share(one, other, same):
    assert notice(**one).same_payment(notice(**other)) is same
    assert notice(**other).same_payment(notice(**one)) is same


def test_only_a_paid_attempt_is_settled_by_its_notice():
    assert attempt(state=AttemptState.PAID, notice=notice(transaction="83")).settled_by(notice(transaction="83"))
    assert not attempt(state=AttemptState.NEEDS_REVIEW, notice=notice(transaction="83")).settled_by(
        notice(transaction="83")
    )
    assert not attempt().settled_by(notice())


@pytest.mark.parametrize(
    ("state", "minutes", "under_way"),
    [
        (AttemptState.STARTED, 19, True),
        (AttemptState.STARTED, 20, False),
        (AttemptState.REFUSED, 19, True),
        (AttemptState.REFUSED, 20, False),
        (AttemptState.PENDING, 9999, True),
        (AttemptState.NEEDS_REVIEW, 9999, True),
        (AttemptState.CANCELLED, 1, False),
        (AttemptState.PAID, 1, False),
    ],
)
def test_a_payment_under_way_is_known_before_a_second_one_starts(state, minutes, under_way):
    assert attempt(state=state).under_way(NOON + timedelta(minutes=minutes)) is under_way


def test_the_regie_is_shown_what_nothing_explains():
    later = NOON + timedelta(days=3)
    shown = [attempt(state=AttemptState.NEEDS_REVIEW), attempt(alarms=(Alarm.AMOUNT_DIFFERS,))]
    assert all(one.needs_review_at(NOON) for one in shown)
    pending = attempt(state=AttemptState.PENDING)
    assert (pending.needs_review_at(NOON), pending.needs_review_at(later)) == (False, True)
    settled = [attempt(), attempt(state=AttemptState.PAID), attempt(alarms=(Alarm.CONFIGURATION,))]
    assert not any(one.needs_review_at(later) for one in settled)


def test_the_test_platform_is_told_by_its_authorisation():
    assert notice(authorisation="XXXXXX").test
    assert notice(authorisation="xxxxxx").test
    assert not notice(authorisation="A1B2C3").test
