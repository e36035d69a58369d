"""The guide, « Me connecter / Me déconnecter »."""

import pytest

from chalicelib.services.authentication.hashing import check_password, hash_password
from tests.support.browsing import Browser
from tests.support.people import PASSWORD

WRONG = "Identifiant ou mot de passe incorrect."
ASK = "Dans la zone de saisie, veuillez inscrire le texte de contrôle."
AGAIN = "Erreur de saisie, veuillez retaper le texte de contrôle s'il vous plaît."
LOCKED = (
    "Vous avez fait sept tentatives de connexion, votre compte a été bloqué, "
    "veuillez réessayer après un délai de 15mn"
)  # fmt: skip


def fail(browser, times, username="dupont", captcha="MIYPP"):
    """Wrong passwords, with the captcha wherever the page asks for it."""
    browser.get("/connexion")
    return [
        browser.post("/connexion", identifiant=username, mot_de_passe="faux", captcha=captcha) for _ in range(times)
    ]


def test_right_pair_opens_the_home_page(browser):
    assert browser.sign_in().location == "/"
    assert browser.follow().says("Bienvenue sur votre Compte Famille")


def test_wrong_pair_says_so_and_keeps_the_identifier_but_not_the_password(browser):
    (page,) = fail(browser, 1)
    assert page.status == 401
    assert page.says(WRONG)
    assert 'value="dupont"' in page.text
    assert "faux" not in page.text


def test_captcha_appears_with_the_answer_to_the_second_failure(browser):
    first, second = fail(browser, 2)
    assert "captcha_id" not in first.text
    assert "captcha_id" in second.text
    assert second.says(ASK)


def test_third_try_without_captcha_evaluates_nothing_even_with_the_right_password(browser):
    fail(browser, 2)
    for _ in range(10):
        page = browser.post("/connexion", identifiant="dupont", mot_de_passe="soleil levant 42")
        assert page.status == 422
        assert page.says(ASK)
        assert not page.says(AGAIN)
        assert not page.says(WRONG)


def test_wrong_captcha_says_so_and_does_not_count(browser):
    fail(browser, 2)
    for _ in range(8):
        page = browser.post("/connexion", identifiant="dupont", mot_de_passe="faux", captcha="XXXXX")
        assert page.status == 422
        assert page.says(AGAIN)
    assert browser.post("/connexion", identifiant="dupont", mot_de_passe="faux", captcha="miy pp").status == 401


def test_captcha_is_single_use(browser):
    fail(browser, 2)
    used = browser.page.outline.forms["/connexion"]["captcha_id"]
    assert browser.post("/connexion", identifiant="dupont", mot_de_passe="faux", captcha="MIYPP").status == 401
    again = browser.post("/connexion", identifiant="dupont", mot_de_passe="faux", captcha="MIYPP", captcha_id=used)
    assert again.status == 422


def test_captcha_of_another_visitor_or_older_than_ten_minutes_is_refused(browser, clock):
    stranger = Browser()
    fail(browser, 2)
    stolen = browser.page.outline.forms["/connexion"]["captcha_id"]
    stranger.get("/connexion")
    given = {"identifiant": "dupont", "mot_de_passe": "faux", "captcha": "MIYPP"}
    assert stranger.post("/connexion", captcha_id=stolen, **given).status == 422
    clock.advance(minutes=10)
    assert browser.post("/connexion", **given).status == 422


def test_seventh_failure_locks_the_account_for_fifteen_minutes(browser, clock):
    assert [page.status for page in fail(browser, 7)] == [401] * 6 + [429]
    assert browser.page.says(LOCKED)
    assert browser.page.says("11 h 15")
    for seconds, status in ((0, 429), (899, 429), (2, 303)):
        clock.advance(seconds=seconds)
        browser.get("/connexion")
        assert browser.post("/connexion", identifiant="dupont", mot_de_passe="soleil levant 42").status == status


def test_tries_during_the_lock_do_not_prolong_it(browser, clock):
    fail(browser, 7)
    for _ in range(14):
        clock.advance(minutes=1)
        assert fail(browser, 1)[0].status == 429
    clock.advance(minutes=1, seconds=1)
    assert browser.sign_in().status == 303


def test_count_dies_fifteen_minutes_after_the_last_failure(browser, clock):
    fail(browser, 2)
    clock.advance(minutes=15)
    assert "captcha_id" not in fail(browser, 1)[0].text


def test_success_clears_the_count(browser):
    fail(browser, 1)
    assert browser.sign_in().status == 303
    assert "captcha_id" not in fail(Browser(), 1)[0].text


def test_unknown_identifier_behaves_like_a_known_one(portal):
    known, unknown = (fail(Browser(), 8, username) for username in ("dupont", "inconnu-9"))
    for one, other in zip(known, unknown, strict=True):
        assert one.status == other.status
        assert one.words.replace("dupont", "") == other.words.replace("inconnu-9", "")


def test_stranger_does_not_lock_out_a_browser_that_signed_in_before(dupont, portal):
    dupont.get("/factures")
    assert dupont.post("/deconnexion").location == "/connexion?fait=deconnexion"
    fail(Browser(source_ip="198.51.100.9"), 7)
    assert Browser().sign_in().status == 429
    assert dupont.sign_in().status == 303


def test_open_session_survives_the_lock_of_its_account(dupont):
    fail(Browser(), 7)
    assert dupont.get("/factures").status == 200


def test_source_with_twenty_failures_meets_the_captcha_from_its_next_try(portal, clock):
    spray = [Browser() for _ in range(20)]
    assert [fail(one, 1, f"famille{n}")[0].status for n, one in enumerate(spray)] == [401] * 20
    assert "captcha_id" in spray[-1].page.text
    assert "captcha_id" not in spray[-2].page.text
    assert fail(Browser(), 1, "famille99", captcha="")[0].status == 422
    assert fail(Browser(source_ip="198.51.100.9"), 1, "famille99", captcha="")[0].status == 401
    clock.advance(minutes=5)
    assert fail(Browser(), 1, "famille99", captcha="")[0].status == 401


def test_forged_forwarding_header_does_not_change_the_source(portal):
    for n in range(21):
        fail(Browser(), 1, f"famille{n}")
    browser = Browser()
    browser.get("/connexion")
    forged = {"X-Forwarded-For": "192.0.2.55"}
    assert browser.post("/connexion", forged, identifiant="x", mot_de_passe="y").status == 422


def test_spaces_in_the_identifier_are_forgiven(browser):
    assert browser.sign_in(" du\u00a0pont\u200b ").status == 303


def test_empty_fields_are_told_by_the_field_and_count_for_nothing(browser):
    browser.get("/connexion")
    page = browser.post("/connexion", identifiant="", mot_de_passe="")
    assert page.status == 422
    assert page.outline.title.startswith("Erreur")


def test_after_signing_in_the_family_is_back_on_its_page(browser):
    assert browser.get("/factures/historique").location == "/connexion?suite=/factures/historique"
    browser.follow()
    assert browser.post("/connexion", identifiant="dupont", mot_de_passe="soleil levant 42").location == (
        "/factures/historique"
    )


@pytest.mark.parametrize("suite", ["//exemple.org", "https://exemple.org/", "/\\exemple.org", "/a b", "/%0d%0aX: y"])
def test_return_path_never_leaves_the_portal(browser, suite):
    browser.get("/connexion")
    page = browser.post("/connexion", identifiant="dupont", mot_de_passe="soleil levant 42", suite=suite)
    assert page.location == "/"


def test_sign_out_ends_the_session_on_the_server(dupont):
    replay = dict(dupont.cookies)
    dupont.get("/")
    assert dupont.post("/deconnexion").location.startswith("/connexion")
    assert dupont.follow().says("Vous êtes déconnecté")
    dupont.cookies = replay
    assert dupont.get("/factures").status == 303


@pytest.mark.parametrize("username", ["\u200b", "\u00a0 ", "a" * 3000, "é", "a/b", "?", "dupont\r\nX-A: b"])
def test_what_cannot_be_an_identifier_is_told_or_unknown_and_never_a_failure_of_ours(browser, username):
    assert browser.sign_in(username, "faux").status in (401, 422)


def test_password_kept_under_an_older_pepper_moves_to_the_current_one_at_sign_in(portal, browser):
    older = hash_password(PASSWORD, pepper=b"ancien poivre", cost=4)
    account = portal.stores.accounts.find("dupont")
    portal.stores.accounts.replace(account, account.model_copy(update={"password_hash": older}))
    peppers = (portal.secrets.pepper[0], b"ancien poivre")
    object.__setattr__(portal, "secrets", portal.secrets.model_copy(update={"pepper": peppers}))
    assert browser.sign_in().status == 303
    assert browser.follow().status == 200
    assert portal.stores.accounts.find("dupont").password_hash != older
    assert check_password(PASSWORD, portal.stores.accounts.find("dupont").password_hash, peppers=peppers[:1], cost=4)
