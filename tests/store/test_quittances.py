"""One contract for the numbers of quittances, over DynamoDB as moto has it and over the tests' own fake."""

from datetime import date

import pytest

from chalicelib.domain.ledger import COUNTER, LedgerEntry
from chalicelib.domain.movement import Movement
from chalicelib.domain.settlement import Settlement
from tests.support.payments.payment_events import NOON
from tests.support.people import invoice

NEW = invoice("180000")


@pytest.fixture
def stores(stores):
    assert stores.invoices.add(NEW)
    stores.summaries.put_rows("dupont", [NEW.summary])
    return stores


def booked(stores, reference):
    current = stores.invoices.find("dupont", NEW.number)
    typed = Settlement(
        received_on=date(2026, 6, 9), number=NEW.number, amount_cents=1000, means="cheque", reference=reference
    )
    entry = LedgerEntry.settlement(current, typed, booked_at=NOON, agent="camille", origin=COUNTER)
    assert stores.money.write(Movement.booking(entry, current))
    return entry


def numbers(stores):
    return sorted(entry.quittance or 0 for entry in stores.ledger.of(NEW.number))


def test_number_leads_to_its_entry_and_back(stores):
    entry = booked(stores, "C1")
    assert stores.quittances.last() == 0
    assert stores.quittances.give(entry, 1)
    assert (stores.quittances.last(), numbers(stores)) == (1, [1])
    named = stores.quittances.find(1)
    assert (named.number, named.invoice_number, named.entry) == (1, NEW.number, entry.key)
    assert list(stores.quittances.every()) == [named]
    assert stores.quittances.find(2) is None


def test_all_else_of_the_entry_stays(stores):
    entry = booked(stores, "C1")
    stores.quittances.give(entry, 1)
    assert stores.ledger.of(NEW.number) == [entry.model_copy(update={"quittance": 1})]


def test_number_is_given_once_and_an_entry_has_one(stores):
    first, second = booked(stores, "C1"), booked(stores, "C2")
    assert stores.quittances.give(first, 1)
    assert not stores.quittances.give(second, 1), "taken"
    assert not stores.quittances.give(first, 2), "it has one"
    assert not stores.quittances.give(second, 3), "it would leave a gap"
    assert (stores.quittances.last(), numbers(stores)) == (1, [0, 1])
    assert stores.quittances.give(second, 2)
    assert numbers(stores) == [1, 2]


def test_entry_that_is_not_in_the_ledger_takes_no_number(stores):
    entry = booked(stores, "C1").model_copy(update={"key": "settled#other"})
    assert not stores.quittances.give(entry, 1)
    assert (stores.quittances.last(), stores.quittances.find(1)) == (0, None)


def test_name_of_who_paid_is_forgotten_and_all_else_stays(stores):
    current = stores.invoices.find("dupont", NEW.number)
    typed = Settlement(
        received_on=date(2026, 6, 9), number=NEW.number, amount_cents=1000, means="cheque", payer="Mme Roussel"
    )
    entry = LedgerEntry.settlement(current, typed, booked_at=NOON, agent="camille")
    assert stores.money.write(Movement.booking(entry, current))
    for _ in range(2):
        stores.ledger.forget_payer(entry)
    assert stores.ledger.of(NEW.number) == [entry.model_copy(update={"payer": ""})]
