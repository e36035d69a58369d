"""Hearing: an authentic message is kept before anything is done with it, and one that was left is taken up."""

import pytest

from chalicelib.domain.bank_notice import NoticeOutcome
from chalicelib.errors import NoticeRejected, Unavailable
from chalicelib.services.payments.receive_notice import ReceivedNotice, receive_notice, settle_waiting_notices
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, clock_at_noon, notice
from tests.support.people import invoice

MESSAGE = ReceivedNotice(b"Mt=5700&Ref=AAAAAA-BBBBBB&Erreur=00000&Pays=\xe9", "195.101.99.76", known_source=True)


@pytest.fixture
def stores():
    return memory_stores(invoices=[invoice()], attempts=[attempt()])


@pytest.fixture
def clock():
    return clock_at_noon()


def heard(stores, clock, message=MESSAGE, *, read=lambda raw: notice()):
    return receive_notice(message, read=read, stores=stores, clock=clock)


def refusing(*, unreadable):
    def read(raw):
        raise NoticeRejected("repeated", unreadable=unreadable)

    return read


def test_message_is_kept_raw_and_marked_with_what_it_came_to(stores, clock):
    assert heard(stores, clock).fate is NoticeOutcome.PAID
    (kept,) = stores.notices.items.values()
    assert (kept.raw.encode("latin-1"), kept.fate, kept.source) == (MESSAGE.raw, NoticeOutcome.PAID, "195.101.99.76")


def test_message_that_is_not_believed_leaves_nothing(stores, clock):
    with pytest.raises(NoticeRejected):
        heard(stores, clock, read=refusing(unreadable=False))
    assert stores.writes.done == 0


def test_signed_message_that_cannot_be_read_is_kept_for_the_regie(stores, clock):
    with pytest.raises(NoticeRejected):
        heard(stores, clock, read=refusing(unreadable=True))
    (kept,) = stores.notices.items.values()
    assert (kept.fate, kept.notice) == (NoticeOutcome.UNREADABLE, None)


def test_same_message_from_a_believed_address_is_not_lost_to_the_first(stores, clock):
    heard(stores, clock, ReceivedNotice(MESSAGE.raw, "198.51.100.9", known_source=False))
    assert heard(stores, clock).fate is NoticeOutcome.PAID
    assert len(stores.notices.items) == 2


@pytest.mark.parametrize("failing", [0, 1, 2])
@pytest.mark.parametrize("when", ["before", "after"])
def test_store_that_fails_anywhere_loses_nothing(stores, clock, failing, when):
    """Kept, settled, marked: whichever of the three writes fails, the sweep or a copy of the message ends it once."""
    stores.writes.fail_at = {failing: when}
    try:
        heard(stores, clock)
    except Unavailable:
        assert failing < 2, "the mark is not worth an error: the money is settled"
    clock.advance(minutes=3)
    settle_waiting_notices(stores=stores, clock=clock)
    if not stores.ledger.items:
        assert (failing, when) == (0, "before"), "only a message that was never kept needs to come again"
        heard(stores, clock)
    assert stores.invoices.items["dupont", "169165"].paid_cents == 5700
    assert len(stores.ledger.items) == 1
    assert all(kept.fate for kept in stores.notices.items.values())


def test_message_being_heard_is_left_alone(stores, clock):
    stores.writes.fail_at = {1: "before"}
    with pytest.raises(Unavailable):
        heard(stores, clock)
    assert settle_waiting_notices(stores=stores, clock=clock) == []
    clock.advance(minutes=3)
    assert [settled.fate for settled in settle_waiting_notices(stores=stores, clock=clock)] == [NoticeOutcome.PAID]
    assert settle_waiting_notices(stores=stores, clock=clock) == []
