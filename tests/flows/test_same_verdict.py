"""A town's file and a family's form read the same text alike: what one keeps the other keeps, written the same."""

import pytest

from chalicelib.importing.accounts import read_accounts
from tests.support.files import account_rows

PHONES = (
    "0639980001", "06 39 98 00 01", "06.39.98.00.01", "06/39/98/00/01", "639980001", "+33 6 39 98 00 01",
    "0033639980001", "+33(0)6 39 98 00 01", "33639980001", "0692 12 34 56", "+262 692 12 34 56", "0690123456",
    "+594 694 12 34 56", "+596 696 12 34 56", "+687 75 12 34", "+689 87 12 34 56", "+377 6 12 34 56 78",
    "+32 470 12 34 56", "+352 621 123 456", "+41 79 123 45 67", "+39 347 123 4567", "06 39 98 00 01 / 04 93 00 11 22",
    "06 39 98 00 01 ou 06 39 98 00 02", "0639", "néant", "00000000000", "12345",
)  # fmt: skip
EMAILS = (
    "camille@example.org", "Camille@Example.ORG", "camille@exâmple.org", "camille @ example.org",
    "camille@example.org.",
    "mailto:camille@example.org", "a..b@example.org", ".a@example.org", "a.@example.org", ".a@x", "@",
    "a b@example.org",
    "a@example.org b@example.org", "a@example.org, b@example.org", "a@example..org", "élo@example.org", "a@example",
)  # fmt: skip


def of_a_file(**cells):
    """The account that a file of one line gives; None when the line is refused."""
    (record,) = read_accounts(account_rows(cells))
    return record.value


def account_of(portal):
    return portal.stores.accounts.find("dupont")


@pytest.mark.parametrize("typed", PHONES)
def test_a_telephone_is_read_alike(portal, dupont, typed):
    dupont.get("/coordonnees")
    answer = dupont.post("/coordonnees", courriel="dupont@example.org", telephone_mobile=typed)
    imported = of_a_file(telephone_mobile=typed)
    assert (answer.status == 303) == (imported is not None)
    assert account_of(portal).mobile == (imported and imported.mobile)


@pytest.mark.parametrize("typed", EMAILS)
def test_an_e_mail_address_is_read_alike(portal, dupont, typed):
    dupont.get("/coordonnees")
    answer = dupont.post("/coordonnees", courriel=typed)
    imported = of_a_file(courriel=typed)
    assert (answer.status == 303) == (imported is not None)
    assert account_of(portal).email_pending == (imported and imported.email)
