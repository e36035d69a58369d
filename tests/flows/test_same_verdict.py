"""A town's file and a family's form read the same text alike: what one keeps the other keeps, written the same."""

import pytest

from chalicelib.importing.accounts import read_accounts
from tests.support.files import ACCOUNT, ACCOUNT_COLUMNS, stream_of
from tests.support.people import PASSWORD
from tests.support.proofs import PDF

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
PLACES = (
    ("06990", "Saint-Aubin-les-Pins", "France"), ("F-06990", "x", "France"), ("6990", "x", "France"),
    ("97400", "Saint-Denis", "France"), ("98000", "Monaco", "France"), ("98000", "Monaco", "Monaco"),
    ("1000", "Bruxelles", "Belgique"), ("B-1000", "Bruxelles", "BE"), ("1234", "Luxembourg", "Luxembourg"),
    ("L-1234", "Luxembourg", "France"), ("1201", "Genève", "Suisse"), ("CH-1201", "Genève", "CH"),
    ("06990", "Genève", "Suisse"), ("AD500", "Andorre-la-Vieille", "Andorre"), ("18039", "Vintimille", "Italie"),
    ("SW1A 1AA", "Londres", "Royaume-Uni"), ("", "Dublin", "Irlande"), ("", "x", "France"), ("06990", "x", "Syldavie"),
)  # fmt: skip


def of_a_file(**cells):
    """The account that a file of one line gives; None when the line is refused."""
    (record,) = read_accounts(stream_of([*ACCOUNT_COLUMNS, "pays"], ACCOUNT | {"pays": ""} | cells))
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
    answer = dupont.post("/coordonnees", courriel=typed, mot_de_passe=PASSWORD)
    imported = of_a_file(courriel=typed)
    assert (answer.status == 303) == (imported is not None)
    assert account_of(portal).email_pending == (imported and imported.email)


@pytest.mark.parametrize(("postcode", "town", "country"), PLACES)
def test_a_postcode_and_its_country_are_read_alike(portal, dupont, postcode, town, country):
    dupont.get("/adresse")
    fields = {"ligne_1": "12 rue des Genêts", "code_postal": postcode, "commune": town, "date_effet": "1/9/2026"}
    answer = dupont.post_multipart("/adresse", {"justificatif": ("bail.pdf", PDF)}, **fields, pays=country)
    imported = of_a_file(code_postal=postcode, commune=town, pays=country)
    assert (answer.status == 303) == (imported is not None)
    if imported:
        assert portal.stores.requests.of("dupont")[0].address == imported.address
