"""On the day, the invoices of a run become their families', each once."""

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.errors import Unavailable
from chalicelib.services.billing.import_run import deposit
from chalicelib.services.billing.issue_invoices import release
from tests.support.fakes.run_shelves import billing_file, run_shelves
from tests.support.people import invoice

GOOD = [invoice("1"), invoice("2", "martin"), invoice("3")]
PAIRS = [("dupont", "1"), ("martin", "2"), ("dupont", "3")]


@pytest.fixture
def shelves():
    return run_shelves()


def deposited(shelves):
    return deposit(billing_file(*GOOD), by="Camille", shelves=shelves).run.run


def shown(shelves):
    return {row.number for rows in shelves.shelves.summaries.held.values() for row in rows.values()}


def test_released_invoices_are_issued_and_listed(shelves):
    released = release(deposited(shelves), PAIRS, shelves=shelves.shelves)
    assert {(one.number, one.state) for one in released} == {(number, InvoiceState.ISSUED) for number in "123"}
    assert shown(shelves) == {"1", "2", "3"}


def test_it_takes_a_write_an_invoice_and_a_write_an_account(shelves):
    run = deposited(shelves)
    before = shelves.runs.writes.done
    release(run, PAIRS, shelves=shelves.shelves)
    assert shelves.runs.writes.done - before == 3 + 2


def test_released_twice_is_released_once_and_a_payment_in_between_stays(shelves):
    run = deposited(shelves)
    release(run, PAIRS, shelves=shelves.shelves)
    paid = shelves.shelves.invoices.held["dupont", "1"].model_copy(update={"paid_cents": 5700})
    shelves.shelves.summaries.put_rows("dupont", [paid.summary])
    assert len(release(run, PAIRS, shelves=shelves.shelves)) == 3
    assert shelves.shelves.summaries.held["dupont"]["1"].paid_cents == 5700


def test_a_release_stopped_anywhere_is_completed_by_the_next_one():
    for stop in range(5):
        shelves = run_shelves()
        run = deposited(shelves)
        shelves.runs.writes.fail_on = shelves.runs.writes.done + stop
        with pytest.raises(Unavailable):
            release(run, PAIRS, shelves=shelves.shelves)
        assert {(row.number) for row in shelves.shelves.summaries.find("dupont")} <= {"1", "3"}
        shelves.runs.writes.fail_on = None
        assert len(release(run, PAIRS, shelves=shelves.shelves)) == 3
        assert shown(shelves) == {"1", "2", "3"}


def test_what_is_not_of_the_run_stays_as_it_is(shelves):
    deposited(shelves)
    assert release("2026-06-other", [*PAIRS, ("dupont", "99")], shelves=shelves.shelves) == []
    assert {one.state for one in shelves.shelves.invoices.held.values()} == {InvoiceState.PREPARED}
