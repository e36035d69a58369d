"""Direct debit stopped or begun after an invoice was issued: the invoice follows its account, or what was refused."""

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.services.payments.direct_debit import follow_accounts, follow_prepared, set_direct_debit
from tests.support.fakes.stores import memory_stores
from tests.support.people import DUPONT, MARTIN, invoice

DEBITED = DUPONT.model_copy(update={"direct_debit": True})
PAID = invoice("150001", paid_cents=5700, opening_cents=5700, direct_debit=True)
PREPARED = invoice("170000", state=InvoiceState.PREPARED, direct_debit=True)


def stores_with(*invoices, account=DUPONT):
    return memory_stores(accounts=[account, MARTIN], invoices=invoices)


def payable(stores, number="169165"):
    (row,) = [row for row in stores.summaries.find("dupont") if row.number == number]
    assert row.direct_debit is stores.invoices.items["dupont", number].direct_debit
    return row.payable_online


def test_an_invoice_to_pay_becomes_payable_by_card_when_its_account_is_no_longer_debited():
    stores = stores_with(invoice(direct_debit=True), PAID)
    assert follow_accounts([DUPONT, MARTIN], stores=stores) == 1
    assert payable(stores)
    assert stores.invoices.items["dupont", "150001"].direct_debit, "what is paid keeps how it was paid"
    assert follow_accounts([DUPONT], stores=stores) == 0


def test_and_the_other_way_round():
    stores = stores_with(invoice(), account=DEBITED)
    assert payable(stores)
    assert follow_accounts([DEBITED], stores=stores) == 1
    assert not payable(stores)


def test_a_debit_that_was_stopped_for_one_invoice_stays_so_whatever_the_account_says():
    stores = stores_with(invoice(direct_debit=True), account=DEBITED)
    assert not set_direct_debit("169165", False, stores=stores).direct_debit
    assert follow_accounts([DEBITED], stores=stores) == 0
    assert payable(stores)
    set_direct_debit("169165", True, stores=stores)
    assert not payable(stores)
    written = stores.writes.done
    set_direct_debit("169165", True, stores=stores)
    assert stores.writes.done == written


def test_an_invoice_not_released_yet_follows_too():
    stores = stores_with(PREPARED)
    assert follow_accounts([DUPONT], stores=stores) == 0
    assert follow_prepared(["dupont"], stores=stores) == 1
    assert not stores.invoices.items["dupont", "170000"].direct_debit
    assert stores.summaries.find("dupont") == ()


def test_only_an_invoice_with_something_to_pay_is_changed():
    stores = stores_with(PAID)
    with pytest.raises(MoneyRefused) as refusal:
        set_direct_debit("150001", False, stores=stores)
    assert refusal.value.reason == "nothing_to_pay"
    with pytest.raises(NotFound):
        set_direct_debit("999999", False, stores=stores)
