"""Every sentence that the parents' guide fixes, looked for on its page."""

import csv
from pathlib import Path

import pytest

from tests.support.browsing import Browser, fold, strip_tags
from tests.support.people import PASSWORD

SENTENCES = Path(__file__).parent.parent / "data" / "guide-sentences.csv"
WITH_CAPTCHA = "dès la 3e tentative, sous l'image"
WRONG_CAPTCHA = "après un texte de contrôle faux seulement"
LOCKED = "au 7e échec et pendant le blocage"
SIGNED_IN = "toute page connectée"
PAYMENT = "/factures/{numero}/paiement"


def rows():
    with SENTENCES.open(encoding="utf-8") as file:
        return [(row["page"], row["endroit"], row["phrase"]) for row in csv.DictReader(file, delimiter=";")]


def failing(times, **last):
    """A browser after that many failures, and one more try."""
    browser = Browser()
    browser.get("/connexion")
    for _ in range(times):
        browser.post("/connexion", identifiant="dupont", mot_de_passe="faux", captcha="MIYPP")
    return browser.post("/connexion", identifiant="dupont", mot_de_passe="faux", **last) if last else browser.page


def changed_password():
    browser = signed_in()
    browser.get("/mot-de-passe")
    new = "trois girafes bleues"
    browser.post("/mot-de-passe", ancien_mot_de_passe=PASSWORD, nouveau_mot_de_passe=new, confirmation=new)
    return browser.follow()


def signed_in():
    browser = Browser()
    assert browser.sign_in().status == 303
    return browser


def page_of(page, place):
    """Where a sentence must stand: most on their page as it opens, some only after something happened."""
    if page == "/connexion":
        states = {
            WITH_CAPTCHA: lambda: failing(2),
            WRONG_CAPTCHA: lambda: failing(2, captcha="XXXXX"),
            LOCKED: lambda: failing(7),
        }
        return states.get(place, lambda: Browser().get("/connexion"))()
    if place == "réussite":
        return changed_password()
    return signed_in().get({SIGNED_IN: "/", PAYMENT: "/factures/169165/paiement"}.get(page, page))


def test_guide_has_all_its_sentences():
    assert len(rows()) == 63


@pytest.mark.parametrize(("page", "place"), sorted({row[:2] for row in rows()}))
def test_page_says_what_the_guide_says(portal, page, place):
    shown = fold(strip_tags(page_of(page, place).text))
    missing = [phrase for *where, phrase in rows() if where == [page, place] and fold(phrase) not in shown]
    assert not missing


@pytest.mark.parametrize("path", ["/", "/factures", "/factures/historique", "/factures/169165", "/mode-de-reception"])
def test_header_of_every_signed_in_page(portal, path):
    page = signed_in().get(path)
    for page_name, _, phrase in rows():
        if page_name == SIGNED_IN:
            assert page.says(phrase)


@pytest.mark.parametrize("path", ["/connexion", "/mot-de-passe", "/identifiants-oublies"])
def test_required_fields_are_explained_wherever_a_star_stands(portal, path):
    page = (Browser() if path != "/mot-de-passe" else signed_in()).get(path)
    assert page.status == 200
    assert page.says("* champs obligatoires")
