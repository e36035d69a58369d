"""Complements: late paper is printed once, at once or with the next run's batch, whoever stops or comes in between."""

import dataclasses

import pytest

from chalicelib.domain.billing_run import RunState
from chalicelib.domain.delivery import Feedback, Outcome
from chalicelib.errors import NotFound, RunRefused, Unavailable
from chalicelib.services.mailing import complement as complements
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.complement import (
    count_waiting,
    get_complement,
    made_complements,
    print_complement,
)
from chalicelib.services.mailing.paper import find_paper_place
from chalicelib.services.mailing.resolve import resolve
from tests.support.closed_run import RUN, ended, shown, waiting_for_paper


class Binder:
    """Joins the documents of a test: their bytes, one after the other; the word « apart » does not join."""

    def __init__(self, out):
        self.out = out

    def add(self, content):
        if b"apart" in content:
            raise ValueError("not ours")
        self.out.write(content + b";")
        return 1

    def close(self):
        self.out.write(b"end")


@pytest.fixture
def late(context):
    """The closed run, whose documents are their own number; makes some of its invoices come back."""
    context = dataclasses.replace(context, bind=Binder)
    shown(context, "1", "2", "3", "4")
    for number in ("1", "2", "3", "4"):
        context.stores.documents.items[f"factures/{number}.pdf"] = number.encode()

    def late(*numbers):
        for number in numbers:
            ended(context, number, Outcome.PAPER, reason="bounced", feedback=Feedback.BOUNCED, postcode="06990")
        return context

    return late


def printed(context, rank):
    return context.stores.mailing_files.read(RUN, s3_names.paper_file(s3_names.complement_part(rank)))


def place(context, number):
    return find_paper_place(context.stores.deliveries.find(RUN, number), context=context)


def test_what_waits_is_printed_and_no_later_batch_prints_it_again(late):
    context = late("1", "3")
    assert count_waiting(RUN, context=context) == 2
    made = print_complement(RUN, context=context)
    assert (made.rank, made.new, made.paper.printed.count, made.paper.pages) == (1, True, 2, 2)
    assert (made.paper.made_at, made.paper.moved) == (context.clock(), 0)
    assert printed(context, 1) == b"1;3;end"
    assert (count_waiting(RUN, context=context), waiting_for_paper(context)) == (0, [])


def test_asked_twice_it_is_the_same_complement_and_what_joins_afterwards_is_in_the_next(late):
    context = late("1")
    first = print_complement(RUN, context=context)
    context.stores.clock.advance(days=1)
    with context.stores.writes.none_expected():
        again = print_complement(RUN, context=context)
    assert (again, printed(context, 1)) == (first._replace(new=False), b"1;end")
    late("4", "2")
    second = print_complement(RUN, context=context)
    assert (second.rank, second.new, printed(context, 2), printed(context, 1)) == (2, True, b"2;4;end", b"1;end")
    assert list(made_complements(RUN, context=context)) == [again, second._replace(new=False)]
    assert get_complement(RUN, 1, context=context) == again
    with pytest.raises(NotFound):
        get_complement(RUN, 3, context=context)


def test_each_paper_knows_where_and_when_it_was_printed(late):
    context = late("1")
    assert place(context, "1") is None
    print_complement(RUN, context=context)
    at = context.clock()
    context.stores.clock.advance(days=1)
    late("2")
    assert place(context, "2") is None
    print_complement(RUN, context=context)
    assert [(one.run, one.complement, one.made_at) for one in (place(context, "1"), place(context, "2"))] == [
        (RUN, 1, at), (RUN, 2, context.clock()),
    ]  # fmt: skip


def test_what_the_office_resolved_to_paper_is_printed(late):
    context = late()
    ended(context, "3", Outcome.NEEDS_REVIEW, reason="ambiguous")
    with pytest.raises(NotFound):
        print_complement(RUN, context=context)
    resolve(RUN, "3", Outcome.PAPER, context=context)
    assert print_complement(RUN, context=context).paper.printed.count == 1
    assert printed(context, 1) == b"3;end"


def test_the_paper_of_the_run_s_own_batch_is_no_complement(late):
    context = late()
    ended(context, "2", Outcome.PAPER, reason="no-email")
    ended(context, "1", Outcome.SENT)
    assert count_waiting(RUN, context=context) == 0
    with context.stores.writes.none_expected(), pytest.raises(NotFound):
        print_complement(RUN, context=context)


@pytest.mark.parametrize("state", [one for one in RunState if one is not RunState.CLOSED])
def test_a_run_that_is_not_closed_prints_its_paper_in_its_batch(late, state):
    context = late("1")
    context.stores.runs.change(RUN, lambda run: run.model_copy(update={"state": state}))
    with context.stores.writes.none_expected(), pytest.raises(RunRefused) as refusal:
        print_complement(RUN, context=context)
    assert refusal.value.reason == "unclosed"


def test_what_the_next_run_took_meanwhile_is_left_to_it(late, monkeypatch):
    context = late("1", "3")
    list_first = context.stores.mailing_files.put_json_first

    def overtaken(run, name, value):
        written = list_first(run, name, value)
        july = context.stores.deliveries.take_paper("july")
        assert next(july).number == "1"
        return written

    monkeypatch.setattr(context.stores.mailing_files, "put_json_first", overtaken)
    assert print_complement(RUN, context=context).paper.printed.count == 1
    assert (printed(context, 1), count_waiting(RUN, context=context)) == (b"3;end", 0)
    assert waiting_for_paper(context) == ["1"]


def test_a_complement_of_which_the_next_run_took_all_is_empty_and_never_given_again(late, monkeypatch):
    context = late("1")
    list_first = context.stores.mailing_files.put_json_first

    def overtaken(run, name, value):
        written = list_first(run, name, value)
        assert waiting_for_paper(context) == ["1"]
        return written

    with monkeypatch.context() as here:
        here.setattr(context.stores.mailing_files, "put_json_first", overtaken)
        assert print_complement(RUN, context=context).empty
    assert list(made_complements(RUN, context=context)) == []
    with pytest.raises(NotFound):
        print_complement(RUN, context=context)
    late("3")
    assert print_complement(RUN, context=context).rank == 2


def test_two_agents_at_once_make_one_complement(late, monkeypatch):
    context = late("1", "3")
    list_first, made = context.stores.mailing_files.put_json_first, []

    def together(run, name, value):
        monkeypatch.setattr(context.stores.mailing_files, "put_json_first", list_first)
        late("2")
        made.append(print_complement(RUN, context=context))
        return list_first(run, name, value)

    monkeypatch.setattr(context.stores.mailing_files, "put_json_first", together)
    made.append(print_complement(RUN, context=context))
    assert [(one.rank, one.paper) for one in made] == [(1, made[0].paper)] * 2
    assert (printed(context, 1), count_waiting(RUN, context=context)) == (b"1;2;3;end", 0)


@pytest.mark.parametrize("when", ["before", "after", "from"])
@pytest.mark.parametrize("stop", range(9))
def test_a_complement_stopped_at_any_write_is_ended_by_the_next_call_and_nothing_is_printed_twice(late, stop, when):
    context = late("1", "3")
    writes = context.stores.writes
    if when == "from":
        writes.fail_from = writes.done + stop
    else:
        writes.fail_at = {writes.done + stop: when}
    with pytest.raises(Unavailable):
        print_complement(RUN, context=context)
    writes.fail_from, writes.fail_at = None, {}
    late("2")
    found = [print_complement(RUN, context=context) for _ in range(3)]
    papers = [printed(context, rank) for rank in range(1, found[-1].rank + 1)]
    assert sorted(b"".join(papers).replace(b"end", b"").split(b";")) == [b"", b"1", b"2", b"3"]
    assert (count_waiting(RUN, context=context), waiting_for_paper(context)) == (0, [])


def test_a_long_one_leaves_the_rest_to_the_next(late, monkeypatch):
    monkeypatch.setattr(complements, "PART", 2)
    context = late("1", "2", "3")
    assert [print_complement(RUN, context=context).paper.printed.count for _ in range(2)] == [2, 1]
    assert sorted(printed(context, 1).split(b";") + printed(context, 2).split(b";")) == [
        b"1", b"2", b"3", b"end", b"end",
    ]  # fmt: skip


def test_a_document_that_does_not_join_is_listed_apart(late):
    context = late("1", "2")
    context.stores.documents.items["factures/2.pdf"] = b"apart"
    made = print_complement(RUN, context=context)
    assert (made.paper.apart, made.paper.printed.count, made.empty) == (("2",), 1, False)
    assert place(context, "2").apart
