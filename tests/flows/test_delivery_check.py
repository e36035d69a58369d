"""« Formulaire de test de mode de réception de facture »."""

import io

import pytest
from pypdf import PdfReader

from chalicelib.domain.account import DeliveryMode
from tests.support.browsing import Browser
from tests.support.letterbox import mails

PATH = "/mode-de-reception/test"


def test(browser):
    browser.get(PATH)
    return browser.post(PATH)


test.__test__ = False


def words(pdf):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def on_paper(portal):
    browser = Browser()
    assert browser.sign_in("martin").status == 303
    return browser


def test_specimen_leaves_by_mail_with_its_pdf(portal, dupont):
    test(dupont)
    assert dupont.follow().says("Un courriel avec une facture de test est parti à l’adresse dupont@example.org.")
    portal.tasks.run()
    (mail,) = mails()
    assert (mail.to, mail.subject) == ("dupont@example.org", "Facture de test")
    (pdf,) = [part for part in mail.message.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert pdf.get_filename() == "facture-de-test.pdf"
    assert "SPÉCIMEN" in words(pdf.get_content()).upper()


def test_task_run_twice_mails_once(portal, dupont):
    test(dupont)
    (started,) = portal.tasks.started
    assert portal.tasks.call(*started) == {"sent": 1}
    assert portal.tasks.call(*started) == {"sent": 0}
    assert len(mails()) == 1


def test_page_says_what_to_do_if_nothing_comes(dupont):
    page = dupont.get(PATH)
    for sentence in ("Rien ne vient ?", "courriers indésirables", "Appelez le Guichet unique"):
        assert page.says(sentence)


def test_on_paper_the_specimen_is_looked_at_with_the_address_to_be_printed(portal, on_paper):
    test(on_paper)
    page = on_paper.follow()
    assert page.says("M. Łukasz Martin 12 allée des Mûriers 06990 Saint-Aubin-les-Pins")
    assert f"{PATH}/pdf" in page.outline.links
    pdf = on_paper.get(f"{PATH}/pdf")
    assert pdf.header("content-type") == "application/pdf"
    assert "Łukasz Martin" in words(pdf.body)
    assert not portal.tasks.started


def test_bouncing_address_is_tested_on_paper_as_its_invoices_are(portal, dupont, clock):
    held = portal.stores.accounts.find("dupont")
    portal.stores.accounts.replace(held, held.model_copy(update={"email_bounced_at": clock()}))
    assert dupont.get(PATH).says("Vous recevez vos factures par courrier")
    assert test(dupont).location == f"{PATH}?fait=test"
    assert not portal.tasks.started


def test_five_a_day_in_the_town_s_days(portal, dupont, clock):
    csrf = dupont.get(PATH).outline.forms[PATH]["csrf"]
    for left in (4, 3, 2, 1):
        dupont.post(PATH, csrf=csrf)
        assert dupont.follow().says(f"Encore {left} test")
    dupont.post(PATH, csrf=csrf)
    assert dupont.follow().says("Vous avez fait cinq tests aujourd’hui.")
    assert dupont.post(PATH, csrf=csrf).status == 429
    assert len(portal.tasks.started) == 5
    clock.advance(hours=13)
    assert dupont.sign_in().status == 303
    assert dupont.get(PATH).says("Encore 5 tests possibles")


def test_specimen_is_worth_nothing_and_is_kept_nowhere(portal, on_paper):
    assert test(on_paper).location == f"{PATH}?fait=test"
    assert on_paper.get(f"{PATH}/pdf").status == 200
    assert portal.stores.invoices.owner("TEST") is None
    assert portal.stores.accounts.find("martin").delivery_mode is DeliveryMode.PAPER
    assert not portal.clients.s3.list_objects_v2(Bucket=portal.settings.bucket("documents")).get("Contents")


def test_drawing_is_not_asked_for_without_end(on_paper):
    pages = [on_paper.get(f"{PATH}/pdf").status for _ in range(21)]
    assert pages == [200] * 20 + [429]
