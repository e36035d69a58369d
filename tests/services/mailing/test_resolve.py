"""A mailing's problems: the office decides what needs review, and what failed is tried again, nothing else."""

from collections import Counter
from types import SimpleNamespace

import pytest

from chalicelib.domain.billing_run import BillingRun, RunKind, RunState
from chalicelib.domain.delivery import BY_OFFICE, Outcome, delivery_of
from chalicelib.domain.invoice import Document, InvoiceState
from chalicelib.errors import MailThrottled, NotFound, RunRefused, Unavailable
from chalicelib.services.mailing import send_rate
from chalicelib.services.mailing.context import MailingContext, Policy
from chalicelib.services.mailing.resolve import resolve, retry_failed
from chalicelib.stage_settings import load_town
from chalicelib.store.documents import invoice_key
from tests.support.fakes.provider import Chaos, Provider
from tests.support.fakes.stores import NOW, memory_stores
from tests.support.people import DUPONT, MARTIN, invoice

RUN = "2026-06-x"


@pytest.fixture
def context(settings):
    """A closed run in memory: 1 and 3 go to dupont by e-mail, 2 and 4 to martin on paper; nothing is drawn yet."""
    batch = [
        invoice(str(n), "dupont" if n % 2 else "martin", run=RUN, state=InvoiceState.PREPARED) for n in (1, 2, 3, 4)
    ]
    stores = memory_stores(accounts=[DUPONT, MARTIN], invoices=batch)
    facts = {"filename": "f.csv", "sha256": "0" * 64, "deposited_at": NOW, "deposited_by": "camille"}
    stores.runs.add(BillingRun(run=RUN, kind=RunKind.CAMPAIGN, state=RunState.CLOSED, **facts))
    provider = Provider(Chaos())
    return MailingContext(
        stores=stores, clock=stores.clock, policy=Policy(rate=1000), town=load_town(settings.town_file),
        link=settings.link, draw=lambda invoice, account: SimpleNamespace(content=b"%PDF", missing_characters=""),
        bind=None, send=provider.send, paper_link=lambda account: "/retour-papier",
    )  # fmt: skip


def sent(context):
    """The tags of the mails that left."""
    return Counter(context.send.__self__.accepted)


def shown(context, *numbers, drawn=True):
    """Issue them, with their document when drawn."""
    for number in numbers:
        owner = context.stores.invoices.owner(number)
        context.stores.invoices.issue(owner, number, run=RUN)
        if drawn:
            key = invoice_key(number)
            context.stores.documents.items[key] = b"%PDF"
            document = Document(key=key, sha256="0" * 64, size_bytes=4, drawn_at=NOW)
            context.stores.invoices.attach_document(owner, number, document)


def ended(context, number, outcome, **more):
    found = context.stores.invoices.find_by_number(number)
    return context.stores.deliveries.put_first(delivery_of(RUN, found, outcome, NOW, **more))


def outcomes(context):
    return {one.number: one.outcome for one in context.stores.deliveries.of(RUN)}


def waiting_for_paper(context):
    return [one.number for one in context.stores.deliveries.take_paper("july")]


@pytest.mark.parametrize("before", [Outcome.NEEDS_REVIEW, Outcome.FAILED])
@pytest.mark.parametrize("after", [Outcome.SENT, Outcome.PAPER, Outcome.FAILED, Outcome.NONE])
def test_what_is_open_takes_the_outcome_that_the_office_decides(context, before, after):
    shown(context, "1")
    ended(context, "1", before, reason="ambiguous", email="dupont@example.org")
    resolved = resolve(RUN, "1", after, context=context)
    assert (resolved.outcome, context.stores.deliveries.find(RUN, "1")) == (after, resolved)
    assert resolved.reason == (BY_OFFICE if before is not after else "ambiguous")
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


@pytest.mark.parametrize("stop", range(21))
def test_a_retry_stopped_at_any_write_loses_no_outcome_and_sends_nothing_twice(context, stop):
    ended(context, "1", Outcome.FAILED, reason="drawing")
    context.stores.writes.fail_at = {context.stores.writes.done + stop: "before" if stop % 2 else "after"}
    with pytest.raises(Unavailable):
        retry_failed(RUN, context=context)
    context.stores.clock.advance(minutes=7)
    retry_failed(RUN, context=context)
    assert outcomes(context) == {
        "1": Outcome.SENT, "2": Outcome.PAPER, "3": Outcome.SENT, "4": Outcome.PAPER,
    }  # fmt: skip
    assert sent(context) == {f"{RUN}_1": 1, f"{RUN}_3": 1}


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
