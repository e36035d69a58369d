"""« Consulter mon dossier famille », and saying what is wrong in it."""

from datetime import date

import pytest

from chalicelib.domain.account import Address
from chalicelib.domain.request import RequestKind
from tests.support.browsing import Browser
from tests.support.counting import counted_calls
from tests.support.people import CHILDREN

ELSEWHERE = Address(line_1="8 quai des Brumes", postcode="06990", town="Saint-Aubin-les-Pins")


@pytest.fixture
def separated(portal):
    """The other parent of Mme Dupont's children: another account of the same family."""
    martin = portal.stores.accounts.find("martin")
    assert portal.stores.accounts.replace(martin, martin.model_copy(update={"family": "F1", "address": ELSEWHERE}))
    browser = Browser()
    assert browser.sign_in("martin").status == 303
    return browser


def reported(portal):
    return list(portal.stores.requests.pending(RequestKind.ERROR))


def test_family_reads_its_own_data_and_its_children(dupont):
    page = dupont.get("/dossier")
    for sentence in (
        "Mme Éloïse Dupont", "12 allée des Mûriers", "06990 Saint-Aubin-les-Pins", "dupont@example.org",
        "Noé Dupont", "1er mars 2018", "École des Pins", "654,00 €",
    ):  # fmt: skip
        assert page.says(sentence), sentence


def test_separated_parent_sees_the_children_and_its_own_data_only(separated):
    page = separated.get("/dossier")
    assert page.says("Noé Dupont")
    assert page.says("8 quai des Brumes")
    for others in ("Éloïse", "12 allée des Mûriers", "dupont@example.org", "654,00"):
        assert not page.says(others), others


def test_account_of_no_known_family_has_a_page_too(portal):
    browser = Browser()
    assert browser.sign_in("martin").status == 303
    assert browser.get("/dossier").says("Aucun enfant n’est rattaché à votre compte.")


def test_page_costs_two_round_trips(portal, dupont):
    with counted_calls(portal) as calls:
        assert dupont.get("/dossier").status == 200
    assert dict(calls) == {"dynamodb.BatchGetItem": 1, "dynamodb.GetItem": 1}


def test_accepted_address_shows_from_its_day_on(portal, dupont, clock):
    held = portal.stores.accounts.find("dupont")
    portal.stores.accounts.replace(
        held, held.model_copy(update={"next_address": ELSEWHERE, "moves_on": date(2026, 6, 12)})
    )
    assert dupont.get("/dossier").says("12 allée des Mûriers")
    clock.advance(days=2)
    assert dupont.sign_in().status == 303
    page = dupont.get("/dossier")
    assert page.says("8 quai des Brumes")
    assert not page.says("12 allée des Mûriers")


def test_reported_error_reaches_the_desk(portal, dupont):
    dupont.get("/dossier")
    dupont.post("/dossier/signalement", sujet="enfants", message="Noé est né\r\n  le 2 mars  2018.")
    assert dupont.follow().says("Votre message est transmis au Guichet unique")
    (asked,) = reported(portal)
    assert (asked.username, asked.about, asked.message) == ("dupont", "enfants", "Noé est né\nle 2 mars 2018.")


def test_unfit_report_is_refused_in_a_sentence(portal, dupont):
    dupont.get("/dossier")
    csrf = dupont.page.outline.forms["/dossier/signalement"]["csrf"]
    for subject, message, sentence in (
        ("enfants", " \r\n ", "Écrivez ce qui est inexact."),
        ("enfants", "x" * 2001, "Ce message dépasse 2 000 caractères"),
        ("autre", "Rien", "Choisissez la partie du dossier qui est inexacte."),
    ):
        page = dupont.post("/dossier/signalement", csrf=csrf, sujet=subject, message=message)
        assert (page.status, page.says(sentence)) == (422, True)
        assert page.outline.title.startswith("Erreur")
    assert not reported(portal)


def test_ten_reports_a_day_then_no_more_until_tomorrow(portal, dupont, clock):
    dupont.get("/dossier")
    csrf = dupont.page.outline.forms["/dossier/signalement"]["csrf"]
    for _ in range(10):
        assert dupont.post("/dossier/signalement", csrf=csrf, sujet="foyer", message="Encore").status == 303
    page = dupont.post("/dossier/signalement", csrf=csrf, sujet="foyer", message="Encore")
    assert (page.status, page.says("Réessayez demain")) == (422, True)
    assert len(reported(portal)) == 10


def test_refused_reports_use_up_none_of_the_day_s(portal, dupont):
    dupont.get("/dossier")
    csrf = dupont.page.outline.forms["/dossier/signalement"]["csrf"]
    for message in ["", "x" * 2001] * 6:
        assert dupont.post("/dossier/signalement", csrf=csrf, sujet="foyer", message=message).status == 422
    assert dupont.post("/dossier/signalement", csrf=csrf, sujet="foyer", message="Enfin").status == 303
    assert [asked.message for asked in reported(portal)] == ["Enfin"]


def test_reload_after_a_refused_report_leads_back_to_the_file(dupont):
    assert dupont.get("/dossier/signalement").location == "/dossier"


def test_markup_in_a_child_s_name_is_text(portal, dupont):
    child = CHILDREN.children[0].model_copy(update={"first_name": "<b>{{7*7}}</b>"})
    portal.stores.families.put(CHILDREN.model_copy(update={"children": (child,)}))
    page = dupont.get("/dossier")
    assert "&lt;b&gt;{{7*7}}&lt;/b&gt;" in page.text
