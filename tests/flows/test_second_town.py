"""A second town is a second file: nothing of the first is left on its pages, in its mails or on its papers."""

import io
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from chalicelib import stage_settings as rooms
from chalicelib.domain.payment import AttemptState
from chalicelib.domain.town_settings import Town, contrast
from chalicelib.mail.messages import account_mail
from chalicelib.pdf.letter import AccessLetter, draw_access_letters
from chalicelib.pdf.receipt import draw_receipt
from chalicelib.services.account.report_error import REPORTS_A_DAY
from chalicelib.stage_settings import load_town
from infrastructure import gateway
from tests.mail.test_account_messages import ANNOUNCED
from tests.pdf.test_receipt import RECEIPT
from tests.support.browsing import Browser
from tests.support.letterbox import mails
from tests.support.papers import text
from tests.support.payments.paying import reference_of, start
from tests.support.people import HOME, invoice

OTHER = Path(__file__).parent.parent / "data" / "towns"
FIRST = ("Saint-Aubin", "Pinède", "04 00 00 00 10", "#0b5563", "Guichet unique", "Portail Famille", "saint-aubin")
"""What only the first town's file says; dupont's own address is in that town, and is looked at apart."""

PAGES = (
    "/", "/?fait=signalement", "/factures", "/factures/historique", "/factures/169165", "/factures/169165/paiement",
    "/mot-de-passe", "/coordonnees", "/adresse", "/mode-de-reception", "/mode-de-reception/test", "/dossier",
    "/mes-donnees", "/identifiants-oublies", "/accessibilite", "/mentions-legales", "/donnees-personnelles",
    "/inconnue",
)  # fmt: skip


@pytest.fixture
def settings(settings, monkeypatch, tmp_path):
    """Those of the second town; its file lies where a town's engineer would put it."""
    shutil.copytree(rooms.TOWNS, tmp_path / "towns")
    shutil.copytree(OTHER, tmp_path / "towns", dirs_exist_ok=True)
    monkeypatch.setattr(rooms, "TOWNS", tmp_path / "towns")
    return settings.model_copy(update={"town_file": "val-des-saules"})


def but_home(said):
    """Without the address of the family, which lives in the first town."""
    return said.replace(f"{HOME.postcode} {HOME.town}", "")


def strays(said):
    return [word for word in FIRST if word.casefold() in said.casefold()]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_the_second_town_s_alone(portal, path):
    browser = Browser()
    assert browser.sign_in().status == 303
    page = browser.get(path)
    assert page.says("Val-des-Saules")
    assert page.says("03 00 00 00 20")
    assert strays(but_home(page.text)) == []


def test_refusals_name_its_desk_as_one_says_it(portal):
    browser = Browser()
    assert browser.sign_in().status == 303
    for _ in range(REPORTS_A_DAY + 1):
        browser.get("/dossier")
        page = browser.post("/dossier/signalement", sujet="foyer", message="Le nom est inexact.")
    assert page.says("Réessayez demain, ou appelez l’Espace enfance.")
    assert page.says("Envoyer à l’Espace enfance")
    assert strays(but_home(page.text)) == []


@pytest.mark.parametrize("state", AttemptState)
def test_each_outcome_of_a_payment_names_its_desk(portal, state):
    browser = Browser()
    assert browser.sign_in().status == 303
    reference = reference_of(start(browser))
    attempt = portal.stores.payments.find(reference)
    if state is not attempt.state:
        portal.stores.payments.replace(attempt, attempt.model_copy(update={"state": state}))
    page = browser.get(f"/paiements/{reference}")
    assert page.says("Espace enfance : 03 00 00 00 20")
    assert strays(page.text) == []
    if state is AttemptState.EXPIRED:
        assert page.says("prévenez l’Espace enfance")


def test_sign_in_page_and_its_files_have_its_colour_and_its_logo(portal):
    browser = Browser()
    page = browser.get("/connexion")
    assert page.says("Bienvenue sur l’Espace Parents de l’Espace enfance")
    assert strays(page.text) == []
    assert "#7a1f4b" in page.text
    folder = next(link for link in page.text.split('"') if link.endswith("portail.css")).rpartition("/")[0]
    sheet, logo = (browser.get(f"{folder}/{name}").text for name in ("portail.css", "logo.svg"))
    assert ("#7a1f4b" in sheet, "#0b5563" in sheet) == (True, False)
    assert logo == (OTHER / "val-des-saules.svg").read_text()


def test_mails_come_from_it_and_bear_its_name(portal):
    browser = Browser()
    browser.get("/identifiants-oublies")
    browser.post("/identifiants-oublies", courriel="dupont@example.org")
    portal.tasks.run()
    (mail,) = mails()
    said = f"{mail.message['From']}{mail.message['Reply-To']}{mail.text}{mail.html}"
    assert "Val-des-Saules" in said
    assert "Voici vos identifiants de l’Espace Parents" in said
    assert strays(said) == []


@pytest.mark.parametrize("announced", ANNOUNCED.values(), ids=ANNOUNCED)
def test_each_mail_of_an_account_bears_its_name(portal, announced):
    mail = account_mail(announced, town=portal.town, link=portal.settings.link)
    assert "Val-des-Saules" in mail.text
    assert strays(but_home(f"{mail.subject}{mail.text}{mail.html}")) == []


def test_papers_bear_its_regie_and_its_contacts(portal):
    account = portal.stores.accounts.find("dupont")
    moved = account.model_copy(update={"address": account.address.model_copy(update={"town": "Lille"})})
    pages = PdfReader(io.BytesIO(portal.draw_invoice(invoice(), moved))).pages
    said = "".join(page.extract_text() for page in pages)
    assert "Régie Enfance du Val-des-Saules" in said.replace("\n", " ").replace("\u00a0", " ")
    assert strays(said) == []


def test_letters_and_receipts_bear_its_name_and_its_contacts(portal):
    now, account = portal.clock(), portal.stores.accounts.find("dupont")
    told = {"town": portal.town, "drawn_at": now}
    one = AccessLetter(account, "AAAA-BBBB-CCCC", now.date())
    letter = draw_access_letters([one], portal_url=portal.settings.link("/connexion"), **told)
    assert "Votre accès à l’Espace Parents" in text(letter)
    assert "L’Espace Parents de la Ville du Val-des-Saules vous permet" in text(letter)
    for paper in (letter, draw_receipt(RECEIPT, **told)):
        said = text(paper)
        assert "au Espace" not in said
        assert "Val-des-Saules" in said
        assert "03 00 00 00 20" in said
        assert strays(but_home(said)) == []


def test_the_gateway_s_own_pages_are_its_own(settings):
    said = str(gateway.gateway_section(load_town("val-des-saules"), function="portail-famille-test"))
    assert "Val-des-Saules" in said
    assert strays(said) == []


@pytest.mark.parametrize(
    ("article", "said"),
    [
        ("le", ("le Relais", "au Relais", "du Relais")),
        ("la", ("la Relais", "à la Relais", "de la Relais")),
        ("l’", ("l’Relais", "à l’Relais", "de l’Relais")),
    ],
)
def test_a_desk_is_named_with_its_article(article, said):
    desk = load_town("saint-aubin-les-pins").desk.model_copy(update={"name": "Relais", "article": article})
    assert (desk.the, desk.to_the, desk.of_the) == said


def test_a_colour_that_cannot_be_read_is_refused():
    first = load_town("saint-aubin-les-pins").model_dump()
    with pytest.raises(ValueError, match="trop clair"):
        Town.model_validate(first | {"accent": "#8fd3e0"})
    assert contrast("#000000", "#ffffff") == 21
