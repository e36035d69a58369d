"""The statement of a period: by service and by method it comes to the same, to the cent."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.settlement import Settlement
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.statement import statement
from chalicelib.services.payments.undo_movement import movement_id, undo_movement
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.stores import memory_stores
from tests.support.people import invoice

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)


@pytest.fixture
def clock():
    return StoppedClock(datetime(2026, 6, 10, 14, 0, tzinfo=UTC))


@pytest.fixture
def stores():
    return memory_stores(invoices=[invoice(), invoice("169167", billed_cents=1200, lines=())])


def book(stores, clock, cents, number="169165", means="especes", reference="", day=10):
    clock.advance(seconds=1)
    line = Settlement(
        received_on=date(2026, 6, day), number=number, amount_cents=cents, means=means, reference=reference
    )
    import_settlements([(2, line)], stores=stores, clock=clock, agent="camille")


def stated(stores):
    found = statement(FIRST, LAST, stores=stores)
    shares = sum(cents for _, cents in found.services) + found.undetailed_cents + found.surplus_cents
    assert shares == found.total_cents
    return found


def test_settlement_is_shared_out_over_the_lines_of_its_invoice(stores, clock):
    book(stores, clock, 1000)
    assert stated(stores).services == (
        ("Garderie du matin", 158),
        ("Restauration scolaire", 653),
        ("Étude surveillée", 189),
    )


def test_paid_whole_each_service_has_its_amount_and_the_rest_is_a_surplus(stores, clock):
    book(stores, clock, 6000)
    found = stated(stores)
    assert dict(found.services) == {"Restauration scolaire": 3720, "Garderie du matin": 900, "Étude surveillée": 1080}
    assert (found.surplus_cents, found.total_cents) == (300, 6000)


def test_invoice_without_lines_is_told_apart(stores, clock):
    book(stores, clock, 700, "169167", "cheque", "C1")
    found = stated(stores)
    assert (found.services, found.undetailed_cents) == ((), 700)


def test_purged_invoice_too(stores, clock):
    book(stores, clock, 700)
    del stores.invoices.items["dupont", "169165"]
    assert stated(stores).undetailed_cents == 700


def test_undone_settlement_takes_back_what_each_service_had(stores, clock):
    book(stores, clock, 1000)
    (entry,) = stores.ledger.of("169165")
    undo_movement("169165", movement_id(entry), reason="erreur", agent="camille", stores=stores, clock=clock)
    found = stated(stores)
    assert ({cents for _, cents in found.services}, found.total_cents) == ({0}, 0)


def test_cancelled_invoice_moves_its_services_to_the_surplus(stores, clock):
    book(stores, clock, 1000)
    cancel_invoice(Cancellation("169165", "erreur", "camille"), stores=stores, clock=clock)
    found = stated(stores)
    assert ({cents for _, cents in found.services}, found.surplus_cents, found.total_cents) == ({0}, 1000, 1000)


def test_methods_are_those_of_the_takings_and_other_days_are_left_out(stores, clock):
    book(stores, clock, 1000)
    book(stores, clock, 800, means="cheque", reference="C1", day=9)
    found = statement(date(2026, 6, 10), LAST, stores=stores)
    assert [(one.method, one.net_cents) for one in found.methods] == [("especes", 1000)]
