"""The guide, « Modifier mon Mot de passe »."""

import pytest

from tests.support.browsing import Browser
from tests.support.choosing_passwords import NEW, change
from tests.support.letterbox import mails
from tests.support.people import PASSWORD

SAVED = "Votre nouveau mot de passe est enregistré."
WRONG = "Cet ancien mot de passe est incorrect."
HIGH = "\U0001f992"


def test_new_password_is_saved_and_opens_the_account(dupont):
    assert change(dupont, PASSWORD, NEW).location == "/mot-de-passe?fait=mot-de-passe"
    assert dupont.follow().says(SAVED)
    assert Browser().sign_in(password=NEW).location == "/"
    assert Browser().sign_in(password=PASSWORD).status == 401


def test_other_sessions_end_and_this_one_goes_on_under_a_new_token(dupont):
    elsewhere, before = Browser(), dict(dupont.cookies)
    assert elsewhere.sign_in().status == 303
    change(dupont, PASSWORD, NEW)
    assert dupont.cookies["__Host-session"] != before["__Host-session"]
    assert dupont.get("/factures").status == 200
    assert elsewhere.get("/factures").status == 303
    dupont.cookies.update(before)
    assert dupont.get("/factures").status == 303


def test_family_is_told_by_mail(portal, dupont):
    change(dupont, PASSWORD, NEW)
    portal.tasks.run()
    (mail,) = mails()
    assert (mail.to, mail.subject) == ("dupont@example.org", "Votre mot de passe a été changé")
    assert mail.says("a été changé le 10 juin 2026 à 11 h 00")


def test_family_without_address_changes_it_as_well(portal):
    martin = Browser()
    assert martin.sign_in("martin").status == 303
    assert change(martin, PASSWORD, NEW).status == 303
    portal.tasks.run()
    assert not mails()


def test_mail_that_cannot_be_handed_over_does_not_say_that_nothing_was_saved(portal, dupont, monkeypatch):
    from chalicelib.errors import Unavailable

    def refuse(name, payload):
        raise Unavailable(name)

    monkeypatch.setattr(portal.tasks, "start", refuse)
    assert change(dupont, PASSWORD, NEW).status == 303
    assert dupont.follow().says(SAVED)


def test_wrong_old_password_is_told_by_its_field_and_the_session_lives(dupont):
    page = change(dupont, "faux", NEW)
    assert page.status == 422
    assert page.says(WRONG)
    assert dupont.get("/factures").status == 200
    assert Browser().sign_in().status == 303


def test_seventh_wrong_old_password_locks_the_form_for_fifteen_minutes_only(dupont, clock):
    pages = [change(dupont, f"faux {n}", NEW) for n in range(7)]
    assert [page.status for page in pages] == [422] * 6 + [429]
    assert pages[-1].says("Réessayez à partir de 11 h 15")
    for elapsed in (0, 899):
        clock.advance(seconds=elapsed)
        assert change(dupont, PASSWORD, NEW).status == 429
    clock.advance(seconds=2)
    assert change(dupont, PASSWORD, NEW).status == 303


def test_count_of_the_old_password_is_not_that_of_sign_in(dupont):
    assert [change(dupont, f"faux {n}", NEW).status for n in range(7)] == [422] * 6 + [429]
    assert dupont.get("/factures").status == 200
    assert Browser().sign_in().location == "/"


def test_right_old_password_clears_the_count(dupont):
    assert [change(dupont, f"faux {n}", NEW).status for n in range(6)] == [422] * 6
    assert change(dupont, PASSWORD, "court").status == 422
    assert [change(dupont, "faux", NEW).status for _ in range(6)] == [422] * 6


@pytest.mark.parametrize(
    ("password", "advice"),
    [
        ("court", "Choisissez au moins 12 caractères."),
        ("Éloïse Dupont", "Évitez ce qui vous désigne"),
        ("Noé Noé 01032018", "Évitez ce qui vous désigne"),
        ("saintaubincantine", "Évitez ce qui vous désigne"),
        ("12 allée des Mûriers", "Évitez ce qui vous désigne"),
        ("azertyuiopqsdf", "Les touches voisines du clavier"),
        ("x" * 129, "Choisissez au plus 128 caractères."),
    ],
)
def test_password_that_is_guessed_is_refused_with_advice(dupont, password, advice):
    page = change(dupont, PASSWORD, password)
    assert page.status == 422
    assert page.says(advice)
    assert password not in page.text
    assert Browser().sign_in().status == 303


@pytest.mark.parametrize(
    "password",
    [
        " trois  girafes\tbleues ",
        "жираф океан молния",
        "e\u0301te\u0301 girafe tornade velours",
        HIGH * 3 + " tornade & velours = 100 % +",
        ("girafe tornade velours " * 6)[:128],
        "girafe\x00tornade\x00velours",
    ],
)
def test_any_sign_is_taken_exactly(dupont, password):
    assert change(dupont, PASSWORD, password).status == 303
    assert Browser().sign_in(password=password[:-1]).status == 401
    assert Browser().sign_in(password=password).location == "/"


def test_what_looks_the_same_is_the_same(dupont):
    change(dupont, PASSWORD, "été girafe tornade velours")
    assert Browser().sign_in(password="e\u0301te\u0301 girafe tornade velours").location == "/"


@pytest.mark.parametrize(
    ("again", "sentence"), [("", "Saisissez encore une fois"), (NEW + " ", "Cette confirmation est différente")]
)
def test_confirmation_must_be_the_same(dupont, again, sentence):
    page = change(dupont, PASSWORD, NEW, again=again)
    assert page.status == 422
    assert page.says(sentence)
    assert page.outline.title.startswith("Erreur")


def test_empty_form_says_what_is_missing_and_counts_nothing(dupont):
    for _ in range(8):
        page = change(dupont, "", "")
        assert page.status == 422
        assert page.says("Saisissez votre ancien mot de passe.")
        assert page.says("Choisissez un nouveau mot de passe.")
    assert change(dupont, PASSWORD, NEW).status == 303


def test_nothing_changes_without_the_token_of_the_form(dupont):
    typed = {"ancien_mot_de_passe": PASSWORD, "nouveau_mot_de_passe": NEW, "confirmation": NEW}
    assert dupont.post("/mot-de-passe", csrf="", **typed).status == 403
    assert Browser().sign_in().status == 303


def test_signed_out_visitor_is_led_to_sign_in(browser):
    assert browser.get("/mot-de-passe").location == "/connexion?suite=/mot-de-passe"
    assert browser.post("/mot-de-passe", ancien_mot_de_passe=PASSWORD).location == "/connexion"
