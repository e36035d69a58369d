"""The rows of the lists, in memory and over moto: one contract; see also `test_invoices` and `test_run_invoices`."""

from datetime import date

import pytest

from tests.support.people import invoice

OLD, NEW = invoice("2", issued_on=date(2025, 1, 1)).summary, invoice("1").summary


@pytest.fixture
def summaries(stores):
    return stores.summaries


@pytest.mark.parametrize("write", ["put_rows", "add_rows"])
def test_latest_issue_comes_first_whichever_was_written_first(summaries, write):
    getattr(summaries, write)("dupont", [NEW])
    getattr(summaries, write)("dupont", [OLD])
    assert summaries.find("dupont") == (NEW, OLD)


def test_account_without_rows_has_none(summaries):
    assert summaries.find("dupont") == ()
    summaries.put_rows("dupont", [])
    summaries.add_rows("dupont", [])
    summaries.drop_rows("dupont", [])
    assert summaries.find_many(["dupont"]) == {}


def test_row_put_again_is_replaced(summaries):
    paid = invoice("1", paid_cents=5700).summary
    summaries.put_rows("dupont", [NEW, OLD])
    summaries.put_rows("dupont", [paid])
    assert summaries.find("dupont") == (paid, OLD)


def test_rows_of_several_accounts_are_found_in_the_order_asked(summaries):
    summaries.put_rows("dupont", [NEW, OLD])
    summaries.add_rows("martin", [OLD])
    found = summaries.find_many(["martin", "personne", "dupont"])
    assert list(found.items()) == [("martin", (OLD,)), ("dupont", (NEW, OLD))]


def test_account_whose_rows_were_dropped_has_an_empty_list(summaries):
    summaries.put_rows("dupont", [NEW])
    summaries.drop_rows("dupont", ["1", "7"])
    assert summaries.find_many(["dupont"]) == {"dupont": ()}
