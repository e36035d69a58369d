"""The store of accounts, in memory and over moto: one contract."""

import pytest

from tests.support.people import DUPONT, MARTIN


@pytest.fixture
def accounts(stores):
    return stores.accounts


def test_account_comes_back_as_it_was_added(accounts):
    assert accounts.add(DUPONT)
    assert accounts.find("dupont") == DUPONT
    assert accounts.find("martin") is None


def test_username_is_taken_once_even_by_the_very_same_account(accounts):
    assert accounts.add(DUPONT)
    assert not accounts.add(DUPONT)
    assert not accounts.add(DUPONT.model_copy(update={"email": None}))
    assert accounts.find("dupont") == DUPONT


def test_accounts_are_found_in_the_order_asked_and_the_unknown_left_out(accounts):
    for account in (DUPONT, MARTIN):
        assert accounts.add(account)
    assert list(accounts.find_many(["martin", "personne", "dupont", "martin"])) == ["martin", "dupont"]
    assert accounts.find_many(["dupont"]) == {"dupont": DUPONT}
    assert accounts.find_many([]) == {}


def test_more_accounts_are_found_at_once_than_a_batch_holds(accounts):
    names = [f"compte-{n}" for n in range(120)]
    for name in names:
        assert accounts.add(MARTIN.model_copy(update={"username": name}))
    assert list(accounts.find_many(names)) == names


def test_change_is_written_once_and_a_stale_reading_changes_nothing(accounts):
    accounts.add(DUPONT)
    assert accounts.replace(DUPONT, DUPONT.model_copy(update={"mobile": "0612345678", "email": None}))
    assert not accounts.replace(DUPONT, DUPONT.model_copy(update={"mobile": "0699999999"}))
    now = accounts.find("dupont")
    assert (now.version, now.mobile, now.email) == (1, "0612345678", None)


def test_account_that_is_not_there_is_not_replaced(accounts):
    assert not accounts.replace(DUPONT, DUPONT.model_copy(update={"mobile": "0612345678"}))
    assert accounts.find("dupont") is None


def test_what_a_change_does_not_name_stays_as_it_stands(accounts):
    accounts.add(DUPONT.model_copy(update={"landline": "0499000000"}))
    assert accounts.replace(DUPONT, DUPONT.model_copy(update={"mobile": "0612345678"}))
    assert accounts.find("dupont").landline == "0499000000"
