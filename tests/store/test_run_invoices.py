"""Invoices of a run, in the fake of our tests and in DynamoDB alike: listed, issued, withdrawn with their numbers."""

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.errors import NumberTaken
from chalicelib.store.invoices import shard_order
from tests.support.people import invoice

RUN = "2026-06-0123456789"


@pytest.fixture
def invoices(stores):
    return stores.invoices


@pytest.fixture
def summaries(stores):
    return stores.summaries


def prepared(number="1", username="dupont", **changes):
    return invoice(number, username, **{"run": RUN, "state": InvoiceState.PREPARED} | changes)


def test_a_run_lists_its_invoices_and_no_others(invoices):
    for one in (prepared("2"), prepared("1", "martin"), prepared("3", run="2026-05-0123456789"), invoice("4")):
        assert invoices.add(one)
    assert sorted(invoices.in_run(RUN)) == [("dupont", "2"), ("martin", "1")]


def test_an_invoice_is_issued_once_and_keeps_what_was_paid_since(invoices):
    assert invoices.add(prepared(paid_cents=300))
    assert invoices.issue("dupont", "1", run=RUN) == prepared(paid_cents=300, state=InvoiceState.ISSUED)
    assert invoices.issue("dupont", "1", run=RUN) == invoices.find("dupont", "1")


def test_another_run_issues_and_withdraws_nothing(invoices):
    assert invoices.add(prepared())
    assert invoices.issue("dupont", "1", run="2026-05-0123456789") is None
    assert invoices.issue("dupont", "9", run=RUN) is None
    assert not invoices.withdraw("dupont", "9", run=RUN)
    assert invoices.find("dupont", "1") == prepared()


def test_a_withdrawn_invoice_leaves_its_number_to_anybody(invoices):
    assert invoices.add(prepared())
    with pytest.raises(NumberTaken):
        invoices.add(prepared(username="martin"))
    assert invoices.withdraw("dupont", "1", run=RUN)
    assert not invoices.withdraw("dupont", "1", run=RUN)
    assert (invoices.find("dupont", "1"), invoices.owners(["1"])) == (None, {})
    assert invoices.add(prepared(username="martin"))


def test_a_number_that_another_run_claimed_meanwhile_stays_claimed(invoices):
    assert invoices.add(prepared())
    assert not invoices.add(prepared(run="2026-07-0123456789"))
    assert invoices.withdraw("dupont", "1", run=RUN)
    assert invoices.owner("1") == "dupont"


def test_a_run_is_listed_shard_by_shard_and_counted(invoices):
    numbers = [str(number) for number in range(40)]
    for number in numbers:
        assert invoices.add(prepared(number))
    assert [number for _, number in invoices.in_run(RUN)] == sorted(numbers, key=shard_order) != numbers
    assert (invoices.count_in_run(RUN), invoices.count_in_run("2026-05-0123456789")) == (40, 0)


def test_an_invoice_that_came_with_no_run_is_in_none(invoices):
    assert invoices.add(invoice("1"))
    assert (list(invoices.in_run("")), invoices.count_in_run("")) == ([], 0)


def test_a_cancelled_invoice_is_not_issued_again_nor_withdrawn(invoices):
    cancelled = prepared(state=InvoiceState.CANCELLED)
    assert invoices.add(cancelled)
    assert invoices.issue("dupont", "1", run=RUN) == cancelled
    assert not invoices.withdraw("dupont", "1", run=RUN)
    assert invoices.find("dupont", "1") == cancelled


def test_an_issued_invoice_is_not_withdrawn_by_another_run_nor_loses_its_number(invoices):
    assert invoices.add(prepared(state=InvoiceState.ISSUED))
    assert not invoices.withdraw("dupont", "1", run="2026-05-0123456789")
    assert invoices.owner("1") == "dupont"


def test_rows_are_added_and_never_written_over(summaries):
    summaries.add_rows("dupont", [invoice("1").summary])
    summaries.put_rows("dupont", [invoice("1", paid_cents=5700).summary])
    summaries.add_rows("dupont", [invoice("1").summary, invoice("2").summary])
    shown = {row.number: row.paid_cents for row in summaries.find("dupont") if row.number in "12"}
    assert shown == {"1": 5700, "2": 0}
