"""A second town is a second file: nothing of the first is left on its pages, in its mails or on its papers."""

import io
import shutil
from pathlib import Path

import boto3
import pytest
from pypdf import PdfReader

from chalicelib import settings as rooms
from chalicelib.domain.town import Town, contrast
from chalicelib.settings import Settings, load_town
from local import gateway
from local.infrastructure import accept_sender
from tests.bank import signing_bank
from tests.browsing import Browser
from tests.letterbox import mails
from tests.people import invoice

OTHER = Path(__file__).parent.parent / "data" / "towns"
FIRST = ("Saint-Aubin", "Pinède", "04 00 00 00 10", "#0b5563", "Guichet unique", "Portail Famille", "saint-aubin")
"""What only the first town's file says; dupont's own address is in that town, and is looked at apart."""

PAGES = (
    "/", "/factures", "/factures/historique", "/mot-de-passe", "/coordonnees", "/mode-de-reception",
    "/accessibilite", "/mentions-legales", "/donnees-personnelles", "/inconnue",
)  # fmt: skip


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """Those of the second town; its file lies where a town's engineer would put it."""
    shutil.copytree(rooms.TOWNS, tmp_path / "towns")
    shutil.copytree(OTHER, tmp_path / "towns", dirs_exist_ok=True)
    monkeypatch.setattr(rooms, "TOWNS", tmp_path / "towns")
    return Settings(
        stage="test", town_file="val-des-saules", public_url="https://portail.example.org", captcha_answer="MIYPP",
        bcrypt_cost=4, paybox_public_keys=signing_bank().public_pem,
    )  # fmt: skip


def strays(text):
    return [word for word in FIRST if word in text]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_the_second_town_s_alone(portal, path):
    browser = Browser()
    browser.sign_in()
    page = browser.get(path)
    assert page.says("Val-des-Saules")
    assert page.says("03 00 00 00 20")
    assert strays(page.text) == []


def test_sign_in_page_and_its_files_have_its_colour_and_its_logo(portal):
    browser = Browser()
    page = browser.get("/connexion")
    assert strays(page.text) == ["Portail Famille"], "the guide's own sentence, and nothing else"
    assert "#7a1f4b" in page.text
    folder = next(link for link in page.text.split('"') if link.endswith("portail.css")).rpartition("/")[0]
    sheet, logo = (browser.get(f"{folder}/{name}").text for name in ("portail.css", "logo.svg"))
    assert ("#7a1f4b" in sheet, "#0b5563" in sheet) == (True, False)
    assert logo == (OTHER / "val-des-saules.svg").read_text()


def test_mails_come_from_it_and_bear_its_name(portal):
    accept_sender(boto3.client("sesv2"), portal.town.mail_from)
    browser = Browser()
    browser.get("/identifiants-oublies")
    browser.post("/identifiants-oublies", courriel="dupont@example.org")
    portal.tasks.run()
    (mail,) = mails()
    said = f"{mail.message['From']}{mail.message['Reply-To']}{mail.text}{mail.html}"
    assert "Val-des-Saules" in said
    assert strays(said) == []


def test_papers_bear_its_regie_and_its_contacts(portal):
    account = portal.accounts.find("dupont")
    moved = account.model_copy(update={"address": account.address.model_copy(update={"town": "Lille"})})
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(portal.draw_invoice(invoice(), moved))).pages)
    assert "Régie Enfance du Val-des-Saules" in text.replace("\n", " ").replace("\u00a0", " ")
    assert strays(text) == []


def test_the_gateway_s_own_pages_are_its_own(settings):
    said = str(gateway.answers(load_town("val-des-saules"), function="portail-famille-test"))
    assert "Val-des-Saules" in said
    assert strays(said) == []


def test_a_colour_that_cannot_be_read_is_refused():
    first = load_town("saint-aubin-les-pins").model_dump()
    with pytest.raises(ValueError, match="too light"):
        Town.model_validate(first | {"accent": "#8fd3e0"})
    assert contrast("#000000", "#ffffff") == 21
