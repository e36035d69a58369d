"""The files of accounts, children and settlements."""

import pytest

from chalicelib.domain.account import Account, Address, DeliveryMode, Holder
from chalicelib.domain.country import UNKNOWN
from chalicelib.domain.family import Child
from chalicelib.importing import accounts, cells
from chalicelib.importing.accounts import read_accounts
from chalicelib.importing.children import read_children
from chalicelib.importing.settlements import read_settlements
from chalicelib.wording import importing as wording
from tests.support.files import ACCOUNT, ACCOUNT_COLUMNS, account_rows, day, stream_of

CHILD_COLUMNS = ("famille", "nom", "prenom", "date_naissance", "ecole", "classe", "activites")
CHILD = {
    "famille": "7001", "nom": "Dupont", "prenom": "Zoé", "date_naissance": "04/03/2018", "ecole": "École des Tilleuls",
    "classe": "CE1", "activites": "Restauration scolaire, Étude surveillée",
}  # fmt: skip
SETTLEMENT_COLUMNS = ("date", "numero", "montant", "moyen", "reference")
SETTLEMENT = {"date": "2011-06-20", "numero": "169165", "montant": "57,00", "moyen": "chèque", "reference": "7"}


def test_an_account_is_read_whole():
    (record,) = read_accounts(account_rows({}))
    assert record.value == Account(
        username="100001",
        family="7001",
        holder=Holder(civility="Mme", last_name="Dupont", first_name="Camille"),
        address=Address(line_1="12 rue des Genêts", postcode="06990", town="Saint-Aubin-les-Pins"),
        email="camille.dupont@example.org",
        mobile="0600000001",
        delivery_mode=DeliveryMode.EMAIL,
        quotient_cents=123450,
    )


def test_a_bare_account_gets_paper_and_pays_by_itself():
    bare = dict.fromkeys(
        ("courriel", "telephone_mobile", "mode_de_reception", "quotient_familial", "prelevement", "civilite", "prenom"),
        "",
    )
    (record,) = read_accounts(account_rows(bare))
    account = record.value
    assert (account.email, account.mobile, account.quotient_cents, account.direct_debit) == (None, None, None, False)
    assert account.delivery_mode is DeliveryMode.PAPER


def test_a_column_added_later_may_be_absent_and_is_checked_where_it_is(monkeypatch):
    monkeypatch.setitem(accounts.PARSERS, "depuis", cells.may_be_absent(cells.optional(cells.day)))
    (without,) = read_accounts(account_rows({}))
    assert without.value.username == "100001"
    (wrong,) = read_accounts(stream_of([*ACCOUNT_COLUMNS, "depuis"], ACCOUNT | {"depuis": "hier"}))
    assert [(bad.line, bad.column, bad.reason) for bad in wrong.problems] == [(2, "depuis", wording.NOT_A_DAY)]


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"code_postal": "néant"}, "code_postal", wording.NOT_A_POSTCODE),
        ({"code_postal": ""}, "code_postal", wording.EMPTY),
        ({"nom": ""}, "nom", wording.EMPTY),
        ({"courriel": "a@example.org, b@example.org"}, "courriel", wording.SEVERAL_EMAILS),
        ({"prelevement": "parfois"}, "prelevement", wording.NOT_YES_OR_NO),
        ({"quotient_familial": "-1"}, "quotient_familial", wording.NOT_AN_AMOUNT),
        ({"ligne_1": "12 rue\x0bdes Genêts"}, "ligne_1", wording.CONTROL_CHARACTER),
    ],
)
def test_a_bad_account_is_told_and_the_next_one_is_read(change, column, reason):
    bad, good = read_accounts(account_rows(change, {"identifiant": "100002"}))
    assert [(fault.line, fault.column, fault.reason) for fault in bad.problems] == [(2, column, reason)]
    assert bad.value is None
    assert good.value.username == "100002"


ABROAD = [*ACCOUNT_COLUMNS, "pays"]


@pytest.mark.parametrize(
    ("postcode", "town", "country", "kept"),
    [
        ("1000", "Bruxelles", "", ("1000", "BE")),
        ("L-1234", "Luxembourg", "", ("L-1234", "LU")),
        ("98000", "Monaco", "", ("98000", "MC")),
        ("1201", "Genève", "", ("1201", "CH")),
        ("6990", "Saint-Aubin-les-Pins", "", ("6990", UNKNOWN)),
        ("SW1A 1AA", "Londres", "Royaume-Uni", ("SW1A 1AA", "GB")),
        ("", "Dublin", "ie", ("", "IE")),
    ],
)
def test_an_address_abroad_comes_in_with_its_country(postcode, town, country, kept):
    line = ACCOUNT | {"code_postal": postcode, "commune": town, "pays": country}
    (said,) = read_accounts(stream_of(ABROAD, line))
    assert (said.value.address.postcode, said.value.address.country) == kept
    if not country:
        (unsaid,) = read_accounts(account_rows({"code_postal": postcode, "commune": town}))
        assert unsaid.value == said.value, "the column may be absent"


def test_a_postcode_of_another_country_than_the_one_said_is_told():
    line = ACCOUNT | {"pays": "Belgique"}
    (bad,) = read_accounts(stream_of(ABROAD, line))
    assert [(one.column, one.reason) for one in bad.problems] == [("code_postal", wording.NOT_OF_THAT_COUNTRY)]
    (french,) = read_accounts(stream_of(ABROAD, ACCOUNT | {"code_postal": "6990", "pays": "France"}))
    assert [one.reason for one in french.problems] == [wording.NOT_A_POSTCODE]


def test_an_address_that_an_export_disarmed_is_no_other_address():
    (record,) = read_accounts(account_rows({"courriel": "'+camille@example.org"}))
    assert record.value.email == "+camille@example.org"


def test_an_identifier_on_two_lines_is_refused_on_both():
    records = list(read_accounts(account_rows({}, {"identifiant": "100002"}, {"nom": "Martin"}, {"nom": "Petit"})))
    assert [record.value is None for record in records] == [True, False, True, True]
    assert records[0].problems[0].reason == "figure aussi lignes 4 et 5"
    assert records[3].problems[0].reason == "figure aussi lignes 2 et 4"


def test_empty_identifiers_are_not_each_others_doubles():
    records = list(read_accounts(account_rows({"identifiant": ""}, {"identifiant": ""})))
    assert [fault.reason for record in records for fault in record.problems] == [wording.EMPTY, wording.EMPTY]


def test_children_come_with_their_family():
    twin = CHILD | {"prenom": "Émile", "date_naissance": "2018-03-04", "activites": ""}
    records = list(read_children(stream_of(CHILD_COLUMNS, CHILD, twin, encoding="cp1252")))
    activities = ("Restauration scolaire", "Étude surveillée")
    zoe = Child(
        last_name="Dupont", first_name="Zoé", born_on=day("2018-03-04"),
        school="École des Tilleuls", class_name="CE1", activities=activities,
    )  # fmt: skip
    emile = zoe.model_copy(update={"first_name": "Émile", "activities": ()})
    assert [record.value for record in records] == [("7001", zoe), ("7001", emile)]


def test_a_settlement_has_an_amount_a_known_method_and_a_plausible_day():
    odd = ({"montant": "0"}, {"moyen": "coquillages"}, {"date": "05/11/1926"})
    rows = [SETTLEMENT, SETTLEMENT | {"montant": "-1", "moyen": "rejet de prélèvement"}]
    good, back, *bad = read_settlements(stream_of(SETTLEMENT_COLUMNS, *rows, *(SETTLEMENT | one for one in odd)))
    assert (good.value.amount_cents, good.value.received_on, good.value.means) == (5700, day("2011-06-20"), "cheque")
    assert (back.value.amount_cents, back.value.means) == (-100, "rejet de prélèvement")
    reasons = [wording.ZERO_AMOUNT, wording.NOT_A_METHOD, wording.BEFORE_2000]
    assert [record.problems[0].reason for record in bad] == reasons


def test_equal_lines_of_settlements_are_two():
    first, second = read_settlements(stream_of(SETTLEMENT_COLUMNS, SETTLEMENT, SETTLEMENT))
    assert first.value == second.value
