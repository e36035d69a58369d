"""The sweep: dead attempts are closed, lost mails found, refusals told once, the unexplained counted."""

from datetime import timedelta

import pytest

from chalicelib.domain.payment import ATTEMPT_LIFETIME, BANK_RESPONSE_TIMEOUT, Alarm, AttemptState, MailState
from chalicelib.services.payments.dismiss_alarm import dismiss_alarm
from chalicelib.services.payments.sweep import sweep
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import NOON, attempt, clock_at_noon
from tests.support.people import invoice


@pytest.fixture
def clock():
    return clock_at_noon()


def swept(clock, *attempts):
    """What the sweep did to these attempts, their states afterwards, and the mails it started."""
    stores, mails = memory_stores(invoices=[invoice()], attempts=attempts), []
    done = sweep(
        payments=stores.payments, clock=clock, start_mail=lambda one, mail: mails.append((one.reference, mail))
    )
    return done, [one.state for one in stores.payments.items.values()], mails


def test_page_that_may_still_be_open_is_left_alone(clock):
    clock.advance(seconds=ATTEMPT_LIFETIME.total_seconds() - 1)
    done, states, _ = swept(clock, attempt())
    assert (done.closed, states) == (0, [AttemptState.STARTED])


def test_dead_attempts_expire_and_only_a_refusal_is_told(clock):
    clock.advance(seconds=ATTEMPT_LIFETIME.total_seconds())
    kinds = (AttemptState.STARTED, AttemptState.REFUSED, AttemptState.CANCELLED, AttemptState.FAILED)
    done, states, mails = swept(clock, *(attempt(f"A{n}", state=state) for n, state in enumerate(kinds)))
    assert done.closed == 4
    assert states == [AttemptState.EXPIRED, *kinds[1:]]
    assert mails == [("A1", "refusal_mail"), ("A3", "refusal_mail")]


def test_receipt_whose_task_was_lost_is_started_again(clock):
    facts = {"state": AttemptState.PAID, "paid_at": NOON}
    _, _, mails = swept(clock, attempt("A", **facts), attempt("B", receipt_mail=MailState.SENT, **facts))
    assert mails == [("A", "receipt_mail")]


@pytest.mark.parametrize(
    ("changes", "later"),
    [
        ({"state": AttemptState.NEEDS_REVIEW}, timedelta(0)),
        ({"state": AttemptState.PENDING}, BANK_RESPONSE_TIMEOUT),
        ({"alarms": (Alarm.AMOUNT_DIFFERS,)}, timedelta(0)),
        ({"state": AttemptState.PAID, "alarms": (Alarm.PAID_TWICE,), "receipt_mail": "SENT"}, timedelta(0)),
    ],
)
def test_what_needs_review_is_raised_until_the_regie_explains_it(clock, changes, later):
    clock.advance(seconds=later.total_seconds())
    odd = attempt(**changes)
    assert swept(clock, odd)[0].needs_review == [odd]
    stores = memory_stores(invoices=[invoice()], attempts=[odd])
    explained = dismiss_alarm(odd.reference, payments=stores.payments, clock=clock)
    assert not explained.needs_review_at(clock())
    assert swept(clock, explained)[0].needs_review == []


def test_bank_that_still_thinks_is_not_an_alarm(clock):
    clock.advance(hours=2)
    done, states, mails = swept(clock, attempt(state=AttemptState.PENDING))
    assert (done.closed, done.needs_review, states, mails) == (0, [], [AttemptState.PENDING], [])
