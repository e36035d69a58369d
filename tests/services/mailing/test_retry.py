"""A mailing's problems: what failed is tried again, nothing else, and a retry that stopped is made up for."""

import pytest

from chalicelib.domain.billing_run import RunState
from chalicelib.domain.delivery import BY_OFFICE, Outcome
from chalicelib.errors import MailThrottled, NotFound, RunRefused, Unavailable
from chalicelib.services.mailing import send_rate
from chalicelib.services.mailing.resolve import retry_failed
from tests.support.closed_run import RUN, ended, outcomes, sent, shown, waiting_for_paper


def test_what_failed_or_has_no_outcome_is_drawn_shown_and_delivered_and_nothing_else(context):
    shown(context, "1")
    ended(context, "1", Outcome.SENT)
    ended(context, "2", Outcome.FAILED, reason="drawing")
    ended(context, "4", Outcome.FAILED, reason=BY_OFFICE)
    assert retry_failed(RUN, context=context) == 2
    assert outcomes(context) == {
        "1": Outcome.SENT, "2": Outcome.PAPER, "3": Outcome.SENT, "4": Outcome.FAILED,
    }  # fmt: skip
    assert (sent(context), waiting_for_paper(context)) == ({f"{RUN}_3": 1}, ["2"])
    assert [row.number for row in context.stores.summaries.find("dupont")] == ["3"]
    assert (retry_failed(RUN, context=context), sum(sent(context).values())) == (0, 1)


@pytest.mark.parametrize("state", [one for one in RunState if one is not RunState.CLOSED])
def test_a_run_that_is_not_closed_is_refused(context, state):
    context.stores.runs.change(RUN, lambda run: run.model_copy(update={"state": state}))
    with context.stores.writes.none_expected(), pytest.raises(RunRefused) as refusal:
        retry_failed(RUN, context=context)
    assert refusal.value.reason == "is-mailing"


def test_a_run_of_no_name_is_not_found(context):
    with pytest.raises(NotFound):
        retry_failed("2026-07-x", context=context)


ACCOUNT_WRITES = range(2, 6)
"""The writes that note the printed code on the account of the four invoices."""


@pytest.mark.parametrize("stop", range(21))
def test_a_retry_stopped_at_any_write_loses_no_outcome_and_sends_nothing_twice(context, stop):
    ended(context, "1", Outcome.FAILED, reason="drawing")
    context.stores.writes.fail_at = {context.stores.writes.done + stop: "before" if stop % 2 else "after"}
    if stop in ACCOUNT_WRITES:  # one account: it is found as it was to be written, so nothing failed
        retry_failed(RUN, context=context)
    else:
        with pytest.raises(Unavailable):
            retry_failed(RUN, context=context)
    context.stores.clock.advance(minutes=7)
    retry_failed(RUN, context=context)
    found = outcomes(context)
    assert (found.pop("2"), found.pop("4"), found.keys()) == (Outcome.PAPER, Outcome.PAPER, {"1", "3"})
    doubtful = [number for number, outcome in found.items() if outcome is Outcome.NEEDS_REVIEW]
    assert {outcome for number, outcome in found.items() if number not in doubtful} <= {Outcome.SENT}
    assert len(doubtful) <= 2, "those of the mail whose claims were written when its task stopped"
    assert all(sent(context)[f"{RUN}_{number}"] == 1 for number in found if number not in doubtful)
    assert all(sent(context)[f"{RUN}_{number}"] <= 1 for number in doubtful)


def test_a_claim_that_a_stopped_retry_left_is_listed_for_review_once_its_lease_has_expired(context):
    shown(context, "1", "2", "3", "4")
    for number in ("2", "3", "4"):
        ended(context, number, Outcome.NONE)
    ended(context, "1", Outcome.CLAIMED, owner="stopped")
    context.stores.clock.advance(minutes=5, seconds=59)
    with context.stores.writes.none_expected():
        assert retry_failed(RUN, context=context) == 0
    context.stores.clock.advance(seconds=1)
    assert retry_failed(RUN, context=context) == 0
    reviewed = context.stores.deliveries.find(RUN, "1")
    assert (reviewed.outcome, reviewed.reason, sent(context)) == (Outcome.NEEDS_REVIEW, "lost", {})


@pytest.mark.parametrize("stop", range(21))
def test_a_retry_killed_at_any_write_leaves_no_paper_out_of_the_queue_once_it_is_repeated(context, stop):
    ended(context, "1", Outcome.FAILED, reason="drawing")
    context.stores.writes.fail_from = context.stores.writes.done + stop
    with pytest.raises(Unavailable):
        retry_failed(RUN, context=context)
    context.stores.writes.fail_from = None
    context.stores.clock.advance(minutes=7)
    retry_failed(RUN, context=context)
    assert outcomes(context)["2"] is outcomes(context)["4"] is Outcome.PAPER
    assert sorted(waiting_for_paper(context)) == ["2", "4"]


def test_what_goes_on_paper_waits_for_the_next_batch_though_a_throttled_mail_stopped_the_retry(context, monkeypatch):
    monkeypatch.setattr(send_rate, "FIRST_WAIT", 0)
    provider = context.send.__self__
    provider.quota = 0
    with pytest.raises(MailThrottled):
        retry_failed(RUN, context=context)
    provider.quota = None
    retry_failed(RUN, context=context)
    assert outcomes(context)["2"] is outcomes(context)["4"] is Outcome.PAPER
    assert sorted(waiting_for_paper(context)) == ["2", "4"]
