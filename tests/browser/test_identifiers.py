"""Forgotten identifiers, a first sign-in and a new password in Chromium, with JavaScript and without."""

import pytest

from tests.support.browser.letters import Letters, link_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
PASSWORD = "Portail-Demo-2026"
NEW = "trois girafes bleues"
KARIM = "karim.benali@example.org"
SAVED = "Votre nouveau mot de passe est enregistré."


def choose(phone, password, again=None):
    phone.fill(nouveau_mot_de_passe=password, confirmation=password if again is None else again)
    phone.press("Enregistrer mon mot de passe")


def change(phone, old, new):
    phone.follow("Changer mon mot de passe")
    phone.fill(ancien_mot_de_passe=old, nouveau_mot_de_passe=new, confirmation=new)
    phone.press("Valider")


def ask_for_identifiers(phone, email):
    phone.go("/connexion")
    phone.follow("Identifiant ou mot de passe oublié")
    phone.fill(courriel=email)
    phone.press("Recevoir mes identifiants")


def test_forgotten_identifiers_come_by_mail_with_a_link_to_choose_a_password(phone):
    letters = Letters(phone.desk, KARIM)
    ask_for_identifiers(phone, KARIM)
    assert phone.says("Si cette adresse est connue du Guichet unique, un courriel vient de partir.")
    assert phone.faults() == []
    mail = letters.wait_for("Vos identifiants")
    assert "Identifiant : 100005" in mail["text"].replace("\u00a0", " ")
    phone.page.goto(link_to("/nouveau-mot-de-passe", mail))
    assert phone.faults() == []
    choose(phone, NEW)
    assert phone.says(SAVED)
    phone.sign_in("100005", NEW)
    change(phone, NEW, PASSWORD)  # as the other tests know it
    assert phone.says(SAVED)


def test_address_cut_short_is_told_by_its_field_and_kept(phone):
    ask_for_identifiers(phone, "karim.benali@")
    assert phone.page.title().startswith("Erreur")
    assert phone.says("Cette adresse mail n'est pas complète.")
    assert phone.page.locator("[name=courriel]").input_value() == "karim.benali@"
    assert phone.faults() == []


def test_link_that_can_no_longer_serve_says_where_to_get_another(phone):
    phone.go("/nouveau-mot-de-passe?jeton=100005~vieux")
    assert phone.says("Ce lien ne peut plus servir")
    assert phone.faults() == []
    phone.follow("Recevoir un nouveau lien")
    assert phone.heading == "Identifiant ou mot de passe oublié"


def test_activation_code_opens_an_account_once_its_password_is_chosen(plain_screen):
    """One code for all the tests: it is proved with JavaScript, and spent without."""
    visitor, code = plain_screen.another(javascript=True), plain_screen.desk.activation_code
    visitor.sign_in("100004", code)
    assert visitor.heading == "Ouvrir mon compte"
    assert visitor.says("Il remplacera votre code d'activation.")
    assert visitor.faults() == []
    choose(visitor, "soleil", "lune")
    assert visitor.says("2 réponses sont à corriger")
    assert visitor.faults() == []
    visitor.close()
    plain_screen.sign_in("100004", code)
    choose(plain_screen, NEW)
    assert plain_screen.says(SAVED)
    plain_screen.sign_in("100004", NEW)
    assert plain_screen.heading == "Bienvenue sur votre Compte Famille"


def test_wrong_old_password_and_weak_new_one_are_told_by_their_fields(phone):
    phone.sign_in("100005")
    change(phone, "faux", "girafe")
    assert phone.page.title().startswith("Erreur")
    assert phone.says("Cet ancien mot de passe est incorrect.")
    assert phone.says("Choisissez au moins 12 caractères.")
    assert phone.page.locator("main input[type=password]").evaluate_all("all => all.map(one => one.value)") == [""] * 3
    assert phone.faults() == []


@pytest.mark.parametrize("phone", ["with-javascript"], indirect=True)
def test_new_password_is_told_by_mail_and_the_session_goes_on(phone):
    letters = Letters(phone.desk, KARIM)
    phone.sign_in("100005")
    change(phone, PASSWORD, NEW)
    assert phone.says(SAVED)
    assert phone.faults() == []
    letters.wait_for("Votre mot de passe a été changé")
    change(phone, NEW, PASSWORD)
    assert phone.says(SAVED)
