"""The store of the bank's notices, in memory and over moto: one contract; see also `test_money_transactions`."""

from datetime import timedelta

import pytest

from chalicelib.domain.bank_notice import NoticeOutcome, StoredNotice
from tests.support.payments.payment_events import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def notices(stores):
    return stores.notices


def heard(digest="d1", **changes):
    facts = {"received_at": NOON, "source": "192.0.2.1", "known_source": True, "raw": "Mt=1"}
    return StoredNotice(digest=digest, **facts | changes)


def test_same_message_is_kept_again_on_another_day_and_from_another_address(notices):
    assert notices.keep(heard())
    assert not notices.keep(heard(received_at=NOON + timedelta(minutes=1)))
    assert notices.keep(heard(received_at=NOON + timedelta(days=1)))
    assert notices.keep(heard(source="192.0.2.2"))
    assert len(list(notices.waiting(NOON + timedelta(days=2)))) == 3


def test_earliest_message_waits_first_whichever_was_kept_first(notices):
    for digest, minutes in (("d2", 2), ("d1", 1), ("d3", 3)):
        notices.keep(heard(digest, received_at=NOON + timedelta(minutes=minutes)))
    assert [one.digest for one in notices.waiting(NOON + timedelta(minutes=3))] == ["d1", "d2"]


def test_message_kept_with_what_it_came_to_never_waits(notices):
    assert notices.keep(heard(fate=NoticeOutcome.UNREADABLE))
    assert list(notices.waiting(LATER)) == []


def test_concluding_what_was_never_kept_keeps_nothing(notices):
    notices.conclude(heard(), NoticeOutcome.PAID)
    assert list(notices.waiting(LATER)) == []
    assert notices.keep(heard())
