"""A password is kept whatever else changes on the account meanwhile, unless the password itself did."""

from types import SimpleNamespace

import pytest

from chalicelib.errors import WrongCredentials
from chalicelib.services.authentication.credentials import set_password


@pytest.fixture
def account(portal):
    return portal.stores.accounts.find("dupont")


def keep(portal, account):
    return set_password(
        account,
        "trois girafes bleues",
        hashing=SimpleNamespace(hash=lambda typed: f"hash of {typed}"),
        stores=portal.stores,
        clock=portal.clock,
    )


def amend(portal, **changes):
    """Somebody else changes the account now."""
    held = portal.stores.accounts.find("dupont")
    assert portal.stores.accounts.replace(held, held.model_copy(update=changes))


def test_password_is_kept_and_the_printed_code_is_spent(portal, account, clock):
    changed = keep(portal, account)
    assert portal.stores.accounts.find("dupont") == changed
    assert changed.password_hash == "hash of trois girafes bleues"
    assert changed.password_set_at == clock()
    assert changed.activation_printed_on is None
    assert changed.activation_generation == account.activation_generation + 1


def test_another_change_in_between_is_kept_too(portal, account):
    amend(portal, mobile="+33612345678")
    changed = keep(portal, account)
    assert changed.mobile == "+33612345678"
    assert changed.password_hash == "hash of trois girafes bleues"


def test_password_changed_in_between_refuses_who_proved_the_old_one(portal, account):
    amend(portal, password_hash="hash of another")
    with pytest.raises(WrongCredentials):
        keep(portal, account)
    assert portal.stores.accounts.find("dupont").password_hash == "hash of another"


def test_session_opened_in_between_ends_as_well(portal, account, dupont):
    keep(portal, account)
    assert dupont.get("/factures").status == 303
