"""A form is done once per key and content: its repetitions wait for the first outcome, and share it."""

from datetime import timedelta

import pytest

from chalicelib.domain.ticket import SUBMISSION_LEASE, SUBMISSION_LIFETIME
from chalicelib.errors import FormRefused, Unavailable
from chalicelib.services.account.submit_once import submit_once
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.stores import NOW
from tests.support.fakes.tickets import FakeTickets


@pytest.fixture
def clock():
    return StoppedClock(NOW)


@pytest.fixture
def tickets():
    return FakeTickets()


@pytest.fixture
def submit(tickets, clock):
    """Returns a call of `submit_once`, with the holder, the store and the clock of this test."""

    def call(work, content="a", wait=lambda _: None):
        return submit_once("key", content, work, holder="dupont", tickets=tickets, clock=clock, wait=wait)

    return call


class Work:
    """Counts how often it was done."""

    def __init__(self, outcome="/dossier", failing=0):
        self.outcome, self.failing, self.done = outcome, failing, 0

    def __call__(self):
        if self.failing:
            self.failing -= 1
            raise FormRefused({"message": "message_missing"})
        self.done += 1
        return self.outcome


def test_the_same_form_twice_is_done_once(submit):
    work = Work()
    assert [submit(work), submit(work)] == ["/dossier", "/dossier"]
    assert work.done == 1


def test_other_content_under_the_same_key_is_another_submission(submit):
    work = Work()
    for content in ("a", "b", "a"):
        submit(work, content)
    assert work.done == 3


def test_a_refused_form_may_be_sent_again(submit):
    work = Work(failing=1)
    with pytest.raises(FormRefused):
        submit(work)
    assert submit(work) == "/dossier"


def test_an_answer_without_outcome_is_not_remembered(submit):
    work = Work(outcome="")
    assert [submit(work), submit(work)] == ["", ""]
    assert work.done == 2


def test_the_second_waits_for_the_first(submit):
    """The second arrives while the first works: it looks again until the outcome is there."""
    second = Work("/never")
    waits = []

    def first():
        with pytest.raises(Unavailable):
            submit(second, wait=waits.append)
        return "/dossier"

    assert submit(first) == "/dossier"
    assert submit(second) == "/dossier"
    assert (second.done, 3 < sum(waits) < 12) == (0, True)


def test_a_submission_that_died_is_done_again_after_its_lease(submit, tickets, clock):
    def dies():
        tickets.drop = lambda _: None  # the process is gone: nothing is tidied
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        submit(dies)
    with pytest.raises(Unavailable):
        submit(Work())
    clock.now += SUBMISSION_LEASE
    assert submit(Work()) == "/dossier"


def test_an_outcome_is_remembered_for_a_day(submit, clock):
    work = Work()
    submit(work)
    clock.now += SUBMISSION_LIFETIME - timedelta(seconds=1)
    submit(work)
    assert work.done == 1
    clock.now += timedelta(seconds=1)
    submit(work)
    assert work.done == 2


def test_work_that_cannot_be_marked_is_shown_as_done(submit, tickets):
    def unavailable(*_):
        raise Unavailable("tickets")

    work = Work()
    tickets.claim = lambda *_: None
    tickets.put = unavailable
    assert (submit(work), work.done) == ("/dossier", 1)
