"""How many tasks deliver, and how fast each: SES's rate, shared by what is under way, is met and never exceeded."""

import pytest

from chalicelib.services.mailing.context import THREADS, Policy
from chalicelib.services.mailing.plan import BATCH
from chalicelib.services.mailing.send_once import LEASE


@pytest.mark.parametrize("together", [1, 2, 3, 10])
@pytest.mark.parametrize("rate", [10, 14, 50, 500, 1000])
def test_all_the_tasks_of_all_the_executions_send_at_the_rate_together(rate, together):
    policy = Policy(rate=rate, together=together)
    assert policy.rate_of_each * policy.concurrency * together == pytest.approx(rate)
    assert policy.rate_of_each <= THREADS * 5, "five mails a second of a thread"


@pytest.mark.parametrize(("rate", "tasks"), [(14, 1), (50, 2), (500, 13), (1000, 25)])
def test_as_many_tasks_as_the_rate_can_feed(rate, tasks):
    assert Policy(rate=rate).concurrency == tasks


@pytest.mark.parametrize("together", [1, 3])
@pytest.mark.parametrize("rate", [1, 14, 500])
def test_a_batch_is_sent_well_inside_its_time(rate, together):
    assert BATCH / Policy(rate=rate, together=together).rate_of_each < 300 < LEASE.total_seconds()
