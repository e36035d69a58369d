"""« Votre identifiant, et un code d’activation tant que vous ne vous êtes jamais connecté »: the first visit."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from chalicelib.services.authentication.activation_code import activation_code
from chalicelib.services.billing.documents import draw_documents
from tests.support.browsing import Browser
from tests.support.choosing_passwords import NEW, USELESS, ask, choose
from tests.support.letterbox import link_paths, mails
from tests.support.people import DUPONT, add_invoices, invoice


@pytest.fixture
def code(portal, today):
    """The code on the letter of « nouveau », a family that never signed in, printed today."""
    account = DUPONT.model_copy(
        update={"username": "nouveau", "email": "nouveau@example.org", "activation_printed_on": today}
    )
    assert portal.stores.accounts.add(account)
    return activation_code(account, key=portal.secrets.activation[0])


def type_code(code, browser=None):
    """Sign in with the code in place of the password. Returns where that leads."""
    return (browser or Browser()).sign_in("nouveau", code)


def test_code_leads_to_choosing_a_password_and_the_password_opens_the_account(portal, code):
    browser = Browser()
    page = browser.follow(type_code(code, browser))
    assert page.says("Ouvrir mon compte")
    assert page.says("Il remplacera votre code d’activation.")
    done = browser.post("/nouveau-mot-de-passe", nouveau_mot_de_passe=NEW, confirmation=NEW)
    assert done.location == "/connexion?fait=mot-de-passe"
    assert browser.sign_in("nouveau", NEW).location == "/"


def test_code_opens_nothing_by_itself(portal, code):
    browser = Browser()
    assert type_code(code, browser).location.startswith("/nouveau-mot-de-passe?jeton=")
    assert "__Host-session" not in browser.cookies
    assert browser.get("/factures").status == 303


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")])
def test_code_may_be_typed_in_any_way(portal, code, typed):
    assert type_code(typed(code)).location.startswith("/nouveau-mot-de-passe?jeton=")


def test_family_is_told_that_its_account_was_opened(portal, code):
    browser = Browser()
    choose(type_code(code, browser).location, browser=browser)
    portal.tasks.run()
    (mail,) = mails()
    assert (mail.to, mail.subject) == ("nouveau@example.org", "Votre compte famille est ouvert")
    assert mail.says("Le compte famille nouveau a été ouvert le 10 juin 2026 à 11 h 00")


def test_used_code_is_worthless(portal, code):
    browser = Browser()
    assert choose(type_code(code, browser).location, browser=browser).status == 303
    page = type_code(code)
    assert page.status == 401
    assert page.says("Identifiant ou mot de passe incorrect.")


def test_code_proved_in_two_browsers_opens_the_account_once(portal, code):
    first, second = Browser(), Browser()
    early, late = type_code(code, first).location, type_code(code, second).location
    assert choose(late, browser=second).status == 303
    assert choose(early, browser=first).says(USELESS)


def test_address_with_the_proof_is_worth_nothing_in_another_browser(portal, code):
    browser = Browser()
    path = type_code(code, browser).location
    assert choose(path, browser=Browser()).says(USELESS)
    assert choose(path, browser=browser).status == 303


def test_proof_lasts_thirty_minutes(portal, code, clock):
    browser = Browser()
    path = type_code(code, browser).location
    clock.advance(minutes=31)
    assert choose(path, browser=browser).says(USELESS)
    assert type_code(code).status == 303


def test_code_lives_ninety_days_from_its_last_print(portal, code, clock):
    clock.advance(days=90)
    assert type_code(code).status == 303


def test_expired_code_says_how_to_get_a_new_one(portal, code, clock):
    clock.advance(days=91)
    page = type_code(code)
    assert page.status == 401
    assert page.says("Ce code d’activation est trop ancien.")
    assert page.says("Demandez-en un nouveau")
    assert "/identifiants-oublies" in page.outline.links


def test_code_printed_again_lives_again(portal, code, clock, today):
    clock.advance(days=91)
    account = portal.stores.accounts.find("nouveau")
    reprinted = account.model_copy(update={"activation_printed_on": today + timedelta(days=91)})
    assert portal.stores.accounts.replace(account, reprinted)
    assert type_code(code).status == 303


def test_forgotten_identifiers_open_an_account_that_was_never_opened(portal, code):
    ask(portal, "nouveau@example.org")
    (mail,) = mails()
    assert mail.says("Identifiant : nouveau")
    assert mail.says("Ouvrir mon compte et choisir mon mot de passe")
    assert choose(link_paths(mail)[0]).status == 303
    assert Browser().sign_in("nouveau", NEW).location == "/"
    assert type_code(code).status == 401


def test_wrong_code_is_a_wrong_pair(portal, code):
    page = type_code(code[::-1])
    assert page.status == 401
    assert page.says("Identifiant ou mot de passe incorrect.")


def test_code_on_an_invoice_just_drawn_lets_its_family_in(portal, clock):
    assert portal.stores.accounts.add(DUPONT.model_copy(update={"username": "nouveau"}))
    add_invoices(portal, invoice("4242", "nouveau"))
    draw_documents([("nouveau", "4242")], draw=portal.draw_invoice, stores=portal.stores, clock=clock)
    paper = PdfReader(BytesIO(portal.stores.documents.read("factures/4242.pdf"))).pages[0].extract_text()
    printed = re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){2}", paper)[0]
    assert type_code(printed).location.startswith("/nouveau-mot-de-passe")
