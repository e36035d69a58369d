"""The first walk in Chromium: sign in, read what is due, five years of history, an invoice and its PDF."""

import re

import pytest

from tests.support.browser.billing import bill

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
PUBLIC = ("/connexion", "/accessibilite", "/mentions-legales", "/donnees-personnelles", "/nulle-part")
SIGNED_IN = ("/", "/factures", "/factures/historique", "/factures/169165", "/factures/0")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_fits_and_is_accessible(screen, path):
    screen.go(path)
    assert screen.fits()
    assert screen.axe_violations() == []


def test_signed_in_pages_fit_and_are_accessible(screen):
    screen.sign_in()
    for path in SIGNED_IN:
        screen.go(path)
        assert screen.fits(), path
        assert screen.small_targets() == [], path
        assert screen.axe_violations() == [], path


def test_parent_walks_from_sign_in_to_the_pdf(screen):
    screen.sign_in()
    assert screen.heading == "Bienvenue sur votre Compte Famille"
    assert screen.says("Vous avez 2 factures à payer")
    screen.page.get_by_role("link", name="Je règle mes factures").click()
    screen.page.get_by_role("link", name=re.compile("Restauration Scolaire")).first.click()
    assert screen.says("57,00 €")
    address = screen.page.get_by_role("link", name=re.compile(r"Facture n° 169165.*PDF")).get_attribute("href")
    answer = screen.context.request.get(screen.desk.url + address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_a_link_in_a_document_leads_to_its_invoice_through_the_sign_in_page(screen):
    screen.sign_in_from("/factures/169165")
    assert screen.page.url == f"{screen.desk.url}/factures/169165"
    assert screen.says("57,00 €")


def test_the_whole_walk_works_without_javascript(plain_screen):
    plain_screen.sign_in()
    plain_screen.page.get_by_role("link", name="Je consulte l’historique de mes factures").click()
    assert plain_screen.says("Dans cette liste apparaît l'historique de toutes vos factures depuis 5 années")
    assert plain_screen.page.get_by_role("link", name=re.compile("PDF")).count() > 12
    plain_screen.press("Me déconnecter")
    assert plain_screen.says("Vous êtes déconnecté")


def test_nothing_private_comes_back_with_the_back_button(screen):
    screen.sign_in()
    screen.go("/factures")
    screen.press("Me déconnecter")
    screen.page.wait_for_url("**/connexion*")
    screen.back()
    assert screen.heading != "Je règle mes factures"
    assert not screen.says("57,00 €")


def test_error_is_focused_titled_and_keeps_the_identifier(screen):
    screen.sign_in(f"inconnu-{id(screen)}", "faux")
    assert screen.page.title().startswith("Erreur")
    assert screen.page.locator("[name=identifiant]").input_value().startswith("inconnu")
    assert screen.page.locator("[name=mot_de_passe]").input_value() == ""
    assert screen.page.evaluate("document.activeElement.innerText.includes('incorrect')")
    assert screen.axe_violations() == []


def test_captcha_is_shown_from_the_second_failure_and_lets_the_right_pair_in(screen):
    username = f"inconnu-{id(screen)}"
    for _ in range(2):
        screen.sign_in(username, "faux")
    picture = screen.page.locator(".captcha img")
    picture.wait_for()
    assert picture.evaluate("image => image.complete || image.decode().then(() => true)")
    assert picture.evaluate("image => image.naturalWidth") == 260
    assert screen.axe_violations() == []
    screen.fill(identifiant="100001", mot_de_passe="Portail-Demo-2026", captcha="miy pp")
    screen.press("Me connecter")
    assert screen.heading == "Bienvenue sur votre Compte Famille"


def test_page_prints_without_its_navigation(screen):
    screen.sign_in()
    screen.go("/factures/169165")
    assert screen.page.get_by_role("button", name="Me déconnecter").is_visible()
    screen.page.emulate_media(media="print")
    assert not screen.page.get_by_role("button", name="Me déconnecter").is_visible()


@pytest.mark.parametrize("path", ["/connexion", "/accessibilite"])
def test_page_holds_at_320_pixels_and_at_twice_the_text_size(screen, path):
    screen.page.set_viewport_size({"width": 320, "height": 640})
    screen.go(path)
    assert screen.fits()
    screen.page.set_viewport_size({"width": 640, "height": 900})
    screen.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert screen.fits()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_that_the_town_writes_pushes_a_page_sideways(plain_screen, tmp_path, width):
    number = f"FACTURE-2026-{width:07}"
    bill(plain_screen.desk, "100003", [number], tmp_path, label="Restaurationscolaireextraordinaire" * 4)
    plain_screen.page.set_viewport_size({"width": width, "height": 740})
    plain_screen.sign_in("100003")
    for path in ("/", "/factures", "/factures/historique", f"/factures/{number}", f"/factures/{number}/paiement"):
        plain_screen.go(path)
        assert plain_screen.page.url == plain_screen.desk.url + path, "still signed in"
        assert plain_screen.fits(), path


def test_cold_page_is_small(screen):
    loaded = []
    screen.page.on("response", lambda response: loaded.append(len(response.body())))
    screen.go("/connexion")
    assert len(loaded) <= 6
    assert sum(loaded) <= 60_000
