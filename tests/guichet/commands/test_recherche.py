"""`guichet recherche`: filled once, compared on demand; `guichet comptes chercher`: what an agent reads."""

import pytest

from chalicelib.domain.family import Child, Family
from chalicelib.services.account.check_search import repair_search
from chalicelib.store.search import Entry
from tests.flows.search.test_search import add
from tests.support.browsing import Browser
from tests.support.files import ACCOUNT, ACCOUNT_COLUMNS, text_of
from tests.support.people import CHILDREN
from tests.support.streams import deliver_streams


@pytest.fixture(autouse=True)
def camille(monkeypatch):
    monkeypatch.setattr("guichet.agent.acting", lambda: "camille")


def test_an_empty_search_is_told_then_filled_then_true(guichet):
    ran = guichet("recherche", "verifier")
    assert (ran.code, "Compte dupont : " in ran.out) == (1, True)
    assert "mots absents ou périmés" in ran.out
    assert "2 comptes comparés. Des différences : « guichet recherche refaire » les corrige." in ran.out
    ran = guichet("recherche", "refaire")
    assert (ran.code, ran.out) == (0, "Recherche : 2 comptes comparés, 2 refaits.\n")
    ran = guichet("recherche", "verifier")
    assert (ran.code, ran.out) == (0, "2 comptes comparés : la recherche concorde.\n")
    assert "0 refait." in guichet("recherche", "refaire").out


def test_what_is_in_excess_is_told_and_removed(guichet, portal):
    guichet("recherche", "refaire")
    portal.stores.search.write([Entry(entry="zoe#dupont", username="dupont", family="F1", words="zoe")])
    portal.stores.accounts.remove("martin")
    out = guichet("recherche", "verifier").out
    assert "Compte dupont : 1 mot en trop" in out
    assert "Compte martin, qui n’existe plus : " in out
    assert guichet("recherche", "refaire").code == 0
    assert guichet("recherche", "verifier").code == 0
    assert [one for one in portal.stores.search.every() if one.username == "martin"] == []


def test_an_interrupted_filling_is_finished_by_the_next(guichet, portal, monkeypatch):
    def interrupted(differences, **more):
        repair_search(differences[:1], **more)
        raise KeyboardInterrupt

    monkeypatch.setattr("guichet.commands.recherche.repair_search", interrupted)
    ran = guichet("recherche", "refaire")
    assert (ran.code, "Relancez la même commande" in ran.err) == (130, True)
    monkeypatch.undo()
    monkeypatch.setenv("PORTAIL_STAGE", "test")
    monkeypatch.setattr("chalicelib.portal.current", lambda: portal)
    assert "1 refait." in guichet("recherche", "refaire").out


@pytest.fixture
def filled(portal):
    deliver_streams(portal)
    return portal


def test_the_only_family_that_answers_is_shown_with_the_command_that_opens_it(guichet, filled):
    ran = guichet("comptes", "chercher", "noé", "DUPONT")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "Mme Éloïse Dupont, compte dupont, famille F1, Saint-Aubin-les-Pins",
        "  Enfants : Noé Dupont (École des Pins)",
        "  À payer : 57,00 €",
        "  Répond par : enfant Noé Dupont, titulaire Mme Éloïse Dupont",
        "Pour l’ouvrir : guichet comptes voir dupont",
    ]


def test_a_telephone_a_sound_and_a_number_are_told_as_such(guichet, filled):
    account = filled.stores.accounts.find("dupont")
    assert filled.stores.accounts.replace(account, account.model_copy(update={"mobile": "0612345678"}))
    deliver_streams(filled)
    assert "Répond par : téléphone 06 12 34 56 78\n" in guichet("comptes", "chercher", "06", "12", "34", "56", "78").out
    assert "titulaire Mme Éloïse Dupont, qui se prononce de même\n" in guichet("comptes", "chercher", "dupond").out
    assert "Répond par : facture n° 169165\n" in guichet("comptes", "chercher", "169165").out


def test_a_locked_family_is_told(guichet, filled):
    browser = Browser()
    browser.get("/connexion")
    for _ in range(7):
        browser.post("/connexion", identifiant="martin", mot_de_passe="faux", captcha="MIYPP")
    out = guichet("comptes", "chercher", "martin").out
    assert "À payer : 12,00 € ; bloqué jusqu’au 10 juin 2026 à 11 h 15\n" in out


def test_several_families_are_shown_without_a_command_to_open_one(guichet, filled):
    add(filled, "100009", "Dupont", "Albert")
    filled.stores.families.put(Family(family="F-100009", children=(Child(last_name="Dupont", first_name="Noé"),)))
    deliver_streams(filled)
    out = guichet("comptes", "chercher", "dupont").out
    assert [line for line in out.splitlines() if "compte " in line] == [
        "Albert Dupont, compte 100009, famille F-100009, Saint-Aubin-les-Pins",
        "Mme Éloïse Dupont, compte dupont, famille F1, Saint-Aubin-les-Pins",
    ]
    assert "Pour l’ouvrir" not in out


def test_twenty_one_martins_ask_for_another_word(guichet, filled):
    for number in range(20):
        add(filled, f"{200000 + number}", "Martin")
    deliver_streams(filled)
    out = guichet("comptes", "chercher", "martin").out
    assert out.count(", compte ") == 20
    assert out.endswith("D’autres familles peuvent répondre. Ajoutez un prénom, un enfant ou une commune.\n")


def test_nobody_is_told_and_a_letter_alone_is_refused(guichet, filled):
    ran = guichet("comptes", "chercher", "personne")
    assert (ran.code, ran.out) == (0, "Aucune famille ne répond à cette recherche.\n")
    ran = guichet("comptes", "chercher", "d")
    assert (ran.code, "Tapez au moins deux lettres" in ran.err) == (2, True)
    assert "Il manque MOTS…" in guichet("comptes", "chercher").err


def test_a_search_leaves_no_trace_on_the_accounts_it_shows(guichet, filled):
    before = filled.stores.journal.latest("dupont", now=filled.clock())
    guichet("comptes", "chercher", "dupont")
    assert filled.stores.journal.latest("dupont", now=filled.clock()) == before


def test_what_an_import_brings_is_found_and_what_an_erasure_takes_is_not(guichet, filled, tmp_path):
    accounts, children = tmp_path / "comptes.csv", tmp_path / "enfants.csv"
    accounts.write_text(text_of(ACCOUNT_COLUMNS, ACCOUNT | {"nom": "Lefèvre"}), "utf-8")
    children.write_text("famille;nom;prenom;date_naissance;ecole;classe;activites\n7001;Lefèvre;Zoé;;;;\n", "utf-8")
    assert guichet("familles", "importer", accounts, children).code == 0
    assert deliver_streams(filled) == 1
    assert "compte 100001, famille 7001" in guichet("comptes", "chercher", "zoe", "lefebvre").out
    assert guichet("familles", "effacer", "100001", "--oui").code == 0
    deliver_streams(filled)
    assert "Aucune famille" in guichet("comptes", "chercher", "lefèvre").out
    assert [one for one in filled.stores.search.every() if one.username == "100001"] == []
    assert filled.stores.families.find("F1") == CHILDREN
