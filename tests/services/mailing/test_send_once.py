"""Exactly one outcome each: whatever breaks, nothing is sent twice unseen, nothing is lost, and doubt is listed."""

from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from chalicelib.concurrency import in_batches
from chalicelib.domain.delivery import Delivery, Outcome, parse_mail_tag
from chalicelib.errors import MailThrottled
from chalicelib.services.mailing.send_once import Sender, review_if_expired
from chalicelib.services.mailing.send_rate import SendRate
from chalicelib.services.mailing.ses_events import in_same_mail
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.provider import Chaos, Crash, Provider
from tests.support.fakes.stores import memory_stores
from tests.support.fakes.writes import Writes

RUN = "2026-06-0123456789"
NUMBERS = [str(number) for number in range(1, 201)]
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)


class Rehearsal:
    """A batch of two hundred, sent over and over by workers that may die, until each has its outcome.

    `size`: how many leave in one mail, the invoices of one account.
    """

    def __init__(self, chaos, *, size=1, **faults):
        self.size = size
        stores = memory_stores(writes=Writes(chaos.step), clock=StoppedClock(NOW))
        self.clock, self.deliveries = stores.clock, stores.deliveries
        self.provider = Provider(chaos, **faults)
        self.context = SimpleNamespace(stores=stores, send=self.provider.send, clock=self.clock)
        self.workers = 0

    def work(self):
        """One worker goes over the whole batch, as a retried task does."""
        self.workers += 1
        pace = SendRate(1000, wait=lambda _: None, now=lambda: 0.0)
        sender = Sender(self.context, owner=f"worker-{self.workers}", rate=pace)
        for numbers in in_batches(NUMBERS, self.size):
            facts = {"run": RUN, "username": numbers[0], "cents": 100, "outcome": Outcome.SENT, "at": self.clock()}
            wanted = [Delivery(number=number, **facts) for number in numbers]
            sender.send_together(wanted, tuple)

    def to_the_end(self):
        while not self.settled():
            try:
                self.work()
            except (Crash, MailThrottled):
                continue
            finally:
                self.clock.advance(minutes=7)
        return Counter(one.outcome for one in self.deliveries.items.values())

    def settled(self):
        outcomes = [one.outcome for one in self.deliveries.items.values()]
        return len(outcomes) == len(NUMBERS) and Outcome.CLAIMED not in outcomes

    def check(self):
        """Each invoice was in one mail at most, and in one if it says so; the tag of a mail finds them all."""
        assert max(Counter(self.provider.accepted).values(), default=0) <= 1
        mails = Counter(number for numbers in self.provider.mails for number in numbers)
        assert max(mails.values(), default=0) <= 1
        for number in NUMBERS:
            outcome = self.deliveries.find(RUN, number).outcome
            assert outcome in (Outcome.SENT, Outcome.NEEDS_REVIEW)
            assert outcome is Outcome.NEEDS_REVIEW or mails[number] == 1
        for tag, numbers in zip(self.provider.accepted, self.provider.mails, strict=True):
            first = self.deliveries.find(*parse_mail_tag(tag))
            found = [first, *in_same_mail(first, self.deliveries)]
            assert [one.number for one in found] == list(numbers)


SIZES = [1, 2, 3, 20]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(20))
def test_one_crash_in_a_hundred_at_each_step_loses_and_doubles_nothing(seed, size):
    rehearsal = Rehearsal(Chaos(seed, rate=0.01), size=size)
    found = rehearsal.to_the_end()
    rehearsal.check()
    assert rehearsal.workers > 1
    assert found[Outcome.NEEDS_REVIEW] <= rehearsal.workers * size, "at most the doubts of one mail a crash"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("fault", ["before", "after"])
def test_an_answer_that_never_comes_is_listed_and_never_sent_again(fault, size):
    rehearsal = Rehearsal(Chaos(3), size=size, **{fault: 0.2})
    found = rehearsal.to_the_end()
    rehearsal.check()
    assert found[Outcome.NEEDS_REVIEW] == len(NUMBERS) - found[Outcome.SENT] > 0


@pytest.mark.parametrize("size", SIZES)
def test_a_provider_that_throttles_a_third_of_them_gets_them_all_in_the_end(size):
    rehearsal = Rehearsal(Chaos(4), size=size, throttled=0.3)
    assert rehearsal.to_the_end() == {Outcome.SENT: len(NUMBERS)}
    rehearsal.check()


def test_a_quota_stops_the_batch_at_once_and_the_rest_goes_when_it_is_raised():
    rehearsal = Rehearsal(Chaos(), quota=50)
    with pytest.raises(MailThrottled):
        rehearsal.work()
    assert len(rehearsal.deliveries.items) == 50
    rehearsal.provider.quota = None
    assert rehearsal.to_the_end() == {Outcome.SENT: len(NUMBERS)}
    rehearsal.check()


def test_a_refused_address_goes_on_paper_and_a_poison_mail_fails_alone():
    rehearsal = Rehearsal(Chaos(), refused={("7",)})
    sender = Sender(rehearsal.context, owner="worker", rate=SendRate(1000, wait=lambda _: None))
    wanted = Delivery(run=RUN, number="8", username="dupont", cents=100, outcome=Outcome.SENT, at=NOW)
    assert sender.send(wanted, lambda: {}["poison"]).outcome is Outcome.FAILED
    assert rehearsal.to_the_end() == {Outcome.SENT: 198, Outcome.PAPER: 1, Outcome.FAILED: 1}


def test_a_claim_is_left_to_its_worker_until_its_lease_is_over():
    rehearsal = Rehearsal(Chaos())
    claim = Delivery(run=RUN, number="1", username="u", cents=1, outcome=Outcome.CLAIMED, at=NOW, owner="other")
    rehearsal.deliveries.put_first(claim)
    assert review_if_expired(claim, rehearsal.context) == claim
    rehearsal.clock.advance(minutes=7)
    assert review_if_expired(claim, rehearsal.context).outcome is Outcome.NEEDS_REVIEW


def test_sends_are_spread_over_time_at_the_rate_that_was_granted():
    pauses = []
    pace = SendRate(10, wait=pauses.append, now=lambda: 0.0)
    for _ in range(4):
        pace.acquire()
    assert pauses == pytest.approx([0.1, 0.2, 0.3])
