"""« Je gère mon compte » in Chromium, on a phone, with JavaScript and without."""

import functools
import json
import re

import pytest

from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris, short_day
from tests.support.browser.letters import Letters, link_to
from tests.support.browser.screen import Screen
from tests.support.proofs import PDF

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
PASSWORD = "Portail-Demo-2026"
HUGO, NGOC = "hugo.martin@example.org", "ngoc.nguyen@example.org"


@pytest.fixture(scope="module")
def cookies(chromium, desk):
    """The cookies of an account that signed in once for all these tests: the form has tests of its own."""

    @functools.cache
    def of(username):
        visitor = Screen(chromium, desk)
        visitor.sign_in(username)
        kept = visitor.context.cookies()
        visitor.close()
        return kept

    return of


@pytest.fixture
def hugo(phone, cookies):
    """100002, whose invoices come by e-mail."""
    phone.context.add_cookies(cookies("100002"))
    phone.go("/")
    return phone


@pytest.fixture
def ngoc(phone, cookies):
    """100003, without e-mail address."""
    phone.context.add_cookies(cookies("100003"))
    phone.go("/")
    return phone


def test_family_file_is_read_and_an_error_in_it_reported(hugo):
    hugo.follow("Consulter mon dossier famille")
    assert hugo.says("M. Hugo Martin")
    assert hugo.says("Inès Martin")
    assert hugo.faults() == []
    report_child(hugo, " ")
    assert hugo.says("Écrivez ce qui est inexact.")
    assert hugo.faults() == []
    report_child(hugo, "Inès est en CE2.", unfold=False)
    assert hugo.says("Votre message est transmis au Guichet unique, qui vous répondra.")


def report_child(phone, message, *, unfold=True):
    child = phone.page.get_by_role("region", name="Mon enfant")
    if unfold:
        child.get_by_text("Signaler une erreur").click()
    child.get_by_role("textbox").fill(message)
    child.get_by_role("button").click()


def test_phone_that_nobody_has_is_told_by_its_field_and_kept(ngoc):
    ngoc.follow("Modifier ou compléter mes coordonnées")
    assert ngoc.faults() == []
    ngoc.fill(courriel="ngoc@", telephone_mobile="06 39 98")
    ngoc.press("Enregistrer")
    assert ngoc.says("2 réponses sont à corriger")
    assert ngoc.page.locator("[name=telephone_mobile]").input_value() == "06 39 98"
    assert ngoc.faults() == []
    ngoc.follow("Ce numéro n’existe pas")
    assert ngoc.page.url.endswith("#telephone_mobile")


def test_likely_slip_in_an_address_is_asked_about(ngoc):
    ngoc.go("/coordonnees")
    ngoc.fill(courriel="ngoc@gmial.com")
    ngoc.press("Enregistrer")
    assert ngoc.says("Vouliez-vous dire ngoc@gmail.com ?")
    assert ngoc.faults() == []


def test_new_address_is_used_once_its_link_is_followed_then_removed(ngoc):
    letters = Letters(ngoc.desk, NGOC)
    save_email(ngoc, NGOC)
    assert ngoc.says(f"L'adresse {NGOC} attend votre confirmation")
    assert ngoc.faults() == []
    ngoc.page.goto(link_to("/coordonnees/confirmation", letters.wait_for("Confirmez votre adresse")))
    assert ngoc.faults() == []
    ngoc.press("Confirmer cette adresse")
    assert ngoc.says("Votre adresse mail est confirmée.")
    ngoc.go("/dossier")
    assert ngoc.says(NGOC)
    save_email(ngoc, "")
    assert ngoc.says("Votre adresse mail est retirée")
    ngoc.page.goto(link_to("/ce-n-est-pas-moi", letters.wait_for("Votre adresse mail a été retirée")))
    assert ngoc.says("toutes les sessions ouvertes sont fermées")
    assert ngoc.faults() == []


def save_email(phone, email):
    phone.go("/coordonnees")
    phone.fill(courriel=email, mot_de_passe=PASSWORD)
    phone.press("Enregistrer")


@pytest.mark.parametrize(
    "path",
    [
        "/coordonnees/confirmation?jeton=vieux",
        "/retour-papier?compte=100002&signe=faux",
        "/ce-n-est-pas-moi?jeton=vieux",
    ],
)
def test_worthless_link_of_a_mail_says_what_to_do(phone, path):
    phone.go(path)
    assert phone.says("Ce lien ne peut plus servir")
    assert phone.faults() == []


def test_incomplete_address_is_told_by_its_fields_and_kept(hugo):
    hugo.follow("Déclarer ma nouvelle adresse")
    assert hugo.faults() == []
    hugo.fill(ligne_1="8 quai des Brumes", code_postal="6990", date_effet="demain")
    hugo.press("Envoyer ma demande")
    assert hugo.says("4 réponses sont à corriger")
    assert hugo.page.locator("[name=ligne_1]").input_value() == "8 quai des Brumes"
    assert hugo.faults() == []


def test_address_is_declared_with_its_proof_then_withdrawn(hugo):
    letters = Letters(hugo.desk, HUGO)
    hugo.go("/adresse")
    hugo.fill(
        ligne_1="8 quai des Brumes",
        code_postal="06990",
        commune="Saint-Aubin-les-Pins",
        date_effet=short_day(day_in_paris(system_clock())),
    )
    proof = {"name": "quittance.pdf", "mimeType": "application/pdf", "buffer": PDF}
    hugo.page.set_input_files("[name=justificatif]", proof)
    hugo.press("Envoyer ma demande")
    assert hugo.says("en attente de validation par la mairie")
    assert hugo.faults() == []
    kept = hugo.page.get_by_role("link", name="quittance.pdf").first.get_attribute("href")
    assert hugo.context.request.get(hugo.desk.url + kept).body() == PDF
    letters.wait_for("Nouvelle adresse déclarée\u00a0: accusé de réception")
    hugo.follow("Retirer cette demande")
    assert hugo.faults() == []
    hugo.press("Retirer cette demande")
    assert hugo.says("Votre demande est retirée.")
    assert hugo.faults() == []


def test_e_mail_invoices_without_an_address_lead_to_the_contact_details(ngoc):
    ngoc.follow("Je modifie mon mode de réception de factures")
    assert ngoc.faults() == []
    choose_mode(ngoc, "par courriel")
    assert ngoc.page.title().startswith("Erreur")
    assert ngoc.faults() == []
    ngoc.follow("Modifier ou compléter mes coordonnées")
    assert ngoc.heading == "Mes coordonnées mail et téléphone"


def test_paper_then_e_mail_again_is_said_and_confirmed_by_mail(hugo):
    letters = Letters(hugo.desk, HUGO)
    hugo.go("/mode-de-reception")
    choose_mode(hugo, "par courrier")
    assert hugo.says("à partir de la prochaine, vos factures arrivent par courrier")
    assert hugo.faults() == []
    letters.wait_for("Votre mode de réception de factures")
    choose_mode(hugo, "par courriel")
    assert hugo.says("à partir de la prochaine, vos factures arrivent par courriel")


def choose_mode(phone, label):
    phone.page.get_by_label(label).check()
    phone.press("Enregistrer mon choix")


def test_specimen_comes_by_mail_with_its_pdf(hugo):
    letters = Letters(hugo.desk, HUGO)
    hugo.follow("Formulaire de test de mode de réception de facture")
    assert hugo.faults() == []
    hugo.press("M’envoyer une facture de test")
    assert hugo.says(f"Un courriel avec une facture de test est parti à l'adresse {HUGO}.")
    assert hugo.faults() == []
    (paper,) = letters.wait_for("Facture de test")["attachments"]
    assert (paper["filename"], paper["content_type"]) == ("facture-de-test.pdf", "application/pdf")


def test_specimen_on_paper_shows_the_address_that_is_printed(ngoc):
    ngoc.go("/mode-de-reception/test")
    assert ngoc.says("27 rue des Genêts")
    ngoc.press("Préparer une facture de test")
    assert ngoc.faults() == []
    specimen = ngoc.page.get_by_role("link", name="Facture de test (PDF)").get_attribute("href")
    assert ngoc.context.request.get(ngoc.desk.url + specimen).body().startswith(b"%PDF-")


def test_own_data_come_as_a_file_and_other_sessions_are_closed(hugo):
    elsewhere = hugo.another(javascript=False)
    elsewhere.sign_in("100002")
    hugo.go("/mes-donnees")
    assert hugo.faults() == []
    hugo.follow("Télécharger mes données")
    assert hugo.faults() == []
    with hugo.page.expect_download() as download:
        hugo.press("Télécharger le fichier")
    assert re.fullmatch(r"mes-donnees-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    assert json.loads(download.value.path().read_bytes())["compte"]["courriel"] == HUGO
    hugo.go("/mes-donnees")
    assert hugo.says("Votre compte est ouvert dans")
    assert hugo.faults() == []
    hugo.press("Fermer mes autres sessions")
    assert hugo.says("Vos autres sessions sont fermées.")
    assert hugo.says("Votre compte n'est ouvert que dans ce navigateur.")
    elsewhere.go("/dossier")
    assert elsewhere.says("Votre session est terminée.")
    elsewhere.close()
