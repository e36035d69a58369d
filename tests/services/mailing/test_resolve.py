"""A mailing's problems: the office decides what needs review, once."""

import pytest

from chalicelib.domain.delivery import BY_OFFICE, Outcome
from chalicelib.errors import NotFound, RunRefused, Unavailable
from chalicelib.services.mailing.resolve import resolve, retry_failed
from tests.support.closed_run import RUN, ended, outcomes, sent, shown, waiting_for_paper
from tests.support.fakes.stores import NOW


@pytest.mark.parametrize("before", [Outcome.NEEDS_REVIEW, Outcome.FAILED])
@pytest.mark.parametrize("after", [Outcome.SENT, Outcome.PAPER, Outcome.FAILED, Outcome.NONE])
def test_what_is_open_takes_the_outcome_that_the_office_decides(context, before, after):
    shown(context, "1")
    ended(context, "1", before, reason="ambiguous", email="dupont@example.org")
    resolved = resolve(RUN, "1", after, context=context)
    assert (resolved.outcome, context.stores.deliveries.find(RUN, "1")) == (after, resolved)
    assert resolved.reason == BY_OFFICE
    assert waiting_for_paper(context) == (["1"] if after is Outcome.PAPER else [])
    assert not sent(context), "the office decides: nothing is sent"


@pytest.mark.parametrize("after", [Outcome.SENT, Outcome.PAPER, Outcome.FAILED])
def test_a_decision_repeated_changes_nothing_more(context, after):
    shown(context, "1")
    ended(context, "1", Outcome.NEEDS_REVIEW)
    resolved = resolve(RUN, "1", after, context=context)
    again = resolve(RUN, "1", after, context=context)
    assert (again, waiting_for_paper(context)) == (resolved, ["1"] if after is Outcome.PAPER else [])


@pytest.mark.parametrize("settled", [Outcome.SENT, Outcome.PAPER, Outcome.NONE, Outcome.CLAIMED])
@pytest.mark.parametrize("wanted", [Outcome.SENT, Outcome.PAPER])
def test_what_the_mailing_itself_settled_is_refused(context, settled, wanted):
    shown(context, "1")
    ended(context, "1", settled)
    with context.stores.writes.none_expected(), pytest.raises(RunRefused) as refusal:
        resolve(RUN, "1", wanted, context=context)
    assert refusal.value.reason == "settled"


def test_a_decision_is_not_taken_back_by_another(context):
    ended(context, "1", Outcome.NEEDS_REVIEW)
    resolve(RUN, "1", Outcome.SENT, context=context)
    with pytest.raises(RunRefused):
        resolve(RUN, "1", Outcome.FAILED, context=context)
    assert outcomes(context) == {"1": Outcome.SENT}


@pytest.mark.parametrize("wanted", [Outcome.SENT, Outcome.PAPER])
@pytest.mark.parametrize("before", [Outcome.NEEDS_REVIEW, Outcome.FAILED])
def test_what_the_office_settled_as_failed_is_final(context, before, wanted):
    shown(context, "1")
    ended(context, "1", before, reason="drawing")
    given_up = resolve(RUN, "1", Outcome.FAILED, context=context)
    with context.stores.writes.none_expected(), pytest.raises(RunRefused) as refusal:
        resolve(RUN, "1", wanted, context=context)
    assert refusal.value.reason == "given-up"
    retry_failed(RUN, context=context)
    assert context.stores.deliveries.find(RUN, "1") == given_up
    assert (sent(context)[f"{RUN}_1"], "1" in waiting_for_paper(context)) == (0, False)


def test_what_the_office_gives_up_while_a_retry_reads_the_run_is_not_tried_again(context):
    shown(context, "1")
    ended(context, "1", Outcome.FAILED, reason="drawing")
    find = context.stores.deliveries.find

    def settled_first(run, number):
        context.stores.deliveries.find = find
        resolve(RUN, "1", Outcome.FAILED, context=context)
        return find(run, number)

    context.stores.deliveries.find = settled_first
    retry_failed(RUN, context=context)
    assert context.stores.deliveries.find(RUN, "1").given_up
    assert sent(context)[f"{RUN}_1"] == 0


def test_what_has_no_document_cannot_go_on_paper(context):
    shown(context, "1", drawn=False)
    ended(context, "1", Outcome.FAILED, reason="drawing")
    with context.stores.writes.none_expected(), pytest.raises(RunRefused) as refusal:
        resolve(RUN, "1", Outcome.PAPER, context=context)
    assert refusal.value.reason == "undrawn"


@pytest.mark.parametrize(("run", "number"), [(RUN, "1"), ("2026-07-x", "1"), (RUN, "999999")])
def test_an_invoice_without_outcome_is_not_found(context, run, number):
    with pytest.raises(NotFound):
        resolve(run, number, Outcome.SENT, context=context)


def test_an_outcome_that_changes_meanwhile_is_refused(context):
    shown(context, "1")
    ended(context, "1", Outcome.NEEDS_REVIEW)
    replace = context.stores.deliveries.replace

    def overtaken(before, after):
        replace(before, before.with_outcome(Outcome.SENT, NOW))
        return replace(before, after)

    context.stores.deliveries.replace = overtaken
    with pytest.raises(RunRefused) as refusal:
        resolve(RUN, "1", Outcome.PAPER, context=context)
    assert (refusal.value.reason, waiting_for_paper(context)) == ("settled", [])


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("stop", range(2))
def test_a_decision_stopped_at_any_write_is_completed_by_its_repetition(context, stop, when):
    shown(context, "1")
    ended(context, "1", Outcome.NEEDS_REVIEW)
    context.stores.writes.fail_at = {context.stores.writes.done + stop: when}
    with pytest.raises(Unavailable):
        resolve(RUN, "1", Outcome.PAPER, context=context)
    assert resolve(RUN, "1", Outcome.PAPER, context=context).reason == BY_OFFICE
    assert waiting_for_paper(context) == ["1"]
