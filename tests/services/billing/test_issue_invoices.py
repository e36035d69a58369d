"""On the day, the invoices of a run become their families', each once."""

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.errors import Unavailable
from chalicelib.services.billing.import_run import import_run
from chalicelib.services.billing.issue_invoices import issue_invoices
from tests.support.fakes.stores import memory_stores
from tests.support.files import billing_file
from tests.support.people import DUPONT, MARTIN, invoice

GOOD = [invoice("1"), invoice("2", "martin"), invoice("3")]
PAIRS = [("dupont", "1"), ("martin", "2"), ("dupont", "3")]


@pytest.fixture
def stores():
    return memory_stores(accounts=[DUPONT, MARTIN])


def deposited(stores):
    return import_run(billing_file(*GOOD), by="Camille", stores=stores, clock=stores.clock).run.run


def shown(stores):
    return {row.number for rows in stores.summaries.items.values() for row in rows.values()}


def test_released_invoices_are_issued_and_listed(stores):
    released = issue_invoices(deposited(stores), PAIRS, stores=stores)
    assert {(one.number, one.state) for one in released} == {(number, InvoiceState.ISSUED) for number in "123"}
    assert shown(stores) == {"1", "2", "3"}


def test_it_takes_a_write_an_invoice_and_a_write_an_account(stores):
    run = deposited(stores)
    before = stores.writes.done
    issue_invoices(run, PAIRS, stores=stores)
    assert stores.writes.done - before == 3 + 2


def test_released_twice_is_released_once_and_a_payment_in_between_stays(stores):
    run = deposited(stores)
    issue_invoices(run, PAIRS, stores=stores)
    paid = stores.invoices.items["dupont", "1"].model_copy(update={"paid_cents": 5700})
    stores.summaries.put_rows("dupont", [paid.summary])
    assert len(issue_invoices(run, PAIRS, stores=stores)) == 3
    assert stores.summaries.items["dupont"]["1"].paid_cents == 5700


def test_a_release_stopped_anywhere_is_completed_by_the_next_one():
    for stop in range(5):
        stores = memory_stores(accounts=[DUPONT, MARTIN])
        run = deposited(stores)
        stores.writes.fail_from = stores.writes.done + stop
        with pytest.raises(Unavailable):
            issue_invoices(run, PAIRS, stores=stores)
        assert {(row.number) for row in stores.summaries.find("dupont")} <= {"1", "3"}
        stores.writes.fail_from = None
        assert len(issue_invoices(run, PAIRS, stores=stores)) == 3
        assert shown(stores) == {"1", "2", "3"}


def test_what_is_not_of_the_run_stays_as_it_is(stores):
    deposited(stores)
    assert issue_invoices("2026-06-other", [*PAIRS, ("dupont", "99")], stores=stores) == []
    assert {one.state for one in stores.invoices.items.values()} == {InvoiceState.PREPARED}
