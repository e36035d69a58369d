"""The answer of a captcha is nowhere but in its picture and its sound: not in the store nor the page."""

import json
import re

import pytest

from chalicelib import portal as portals
from chalicelib.captcha.challenge import challenge_of
from chalicelib.services.authentication.captcha import secret_of
from tests.conftest import TEST_SECRETS
from tests.flows.test_sign_in import fail
from tests.support.browsing import Browser
from tests.support.emulated import clients
from tests.support.people import PASSWORD
from tests.support.stored_data import rows_of

WRONG = {"identifiant": "dupont", "mot_de_passe": "faux"}


@pytest.fixture
def settings(settings):
    """Nothing fixes the answer, as in a town."""
    return settings.model_copy(update={"captcha_answer": ""})


@pytest.fixture
def shown(portal):
    """A browser that was shown a captcha, and its identifier."""
    browser = Browser()
    page = fail(browser, 2, captcha="")[-1]
    return browser, page.outline.forms["/connexion"]["captcha_id"]


def answers(identifier, key=TEST_SECRETS.csrf[0]):
    return challenge_of(secret_of(identifier, key))


@pytest.mark.parametrize("kind", ["letters", "digits"])
def test_what_the_picture_and_the_sound_say_is_accepted(shown, kind):
    browser, identifier = shown
    answer = getattr(answers(identifier), kind)
    assert browser.post("/connexion", **WRONG, captcha=answer).status == 401


def test_the_store_holds_the_digest_of_the_identifier_and_no_answer(portal, shown):
    browser, identifier = shown
    (ticket,) = rows_of(portal, "tickets")
    held, asked = json.dumps(ticket), answers(identifier)
    assert ticket.get("payload", {"M": {}}) == {"M": {}}
    for secret in (identifier, asked.letters, asked.digits):
        assert secret not in held
        assert secret == identifier or secret not in browser.page.text + json.dumps(browser.page.headers)


def test_whoever_holds_the_identifier_without_the_key_knows_no_answer(shown):
    _, identifier = shown
    assert answers(identifier, key=b"another") != answers(identifier)


def test_an_answer_serves_once_its_own_visitor_and_ten_minutes(portal, shown, clock):
    browser, identifier = shown
    asked = {"captcha": answers(identifier).letters, "captcha_id": identifier}
    stranger = Browser()
    stranger.get("/connexion")
    assert stranger.post("/connexion", **WRONG, **asked).status == 422
    assert stranger.get(f"/captcha/{identifier}/image").status == 404
    assert [browser.post("/connexion", **WRONG, **asked).status for _ in range(2)] == [401, 422]
    late = browser.page.outline.forms["/connexion"]["captcha_id"]
    clock.advance(minutes=10)
    again = {"captcha": answers(late).letters, "captcha_id": late}
    assert browser.post("/connexion", identifiant="dupont", mot_de_passe=PASSWORD, **again).status == 422


def test_a_text_drawn_before_its_key_was_renewed_is_still_answered(portal, shown, monkeypatch):
    browser, identifier = shown
    fresh = TEST_SECRETS.model_copy(update={"csrf": (b"n" * 32, *TEST_SECRETS.csrf)})
    renewed = portals.build(portal.settings, fresh, clock=portal.clock, clients=clients(), tasks=portal.tasks)
    monkeypatch.setattr(portals, "current", lambda: renewed)
    answer = answers(identifier).letters
    assert browser.post("/connexion", identifiant="dupont", mot_de_passe=PASSWORD, captcha=answer).status == 303


def test_picture_and_sound_are_drawn_again_alike_in_what_they_ask(shown, monkeypatch):
    browser, identifier = shown
    drawn = []
    monkeypatch.setattr("chalicelib.captcha.image.draw", lambda text: drawn.append(text) or b"png")
    for _ in range(2):
        assert browser.get(f"/captcha/{identifier}/image").status == 200
    assert drawn == [answers(identifier).letters] * 2
    assert re.fullmatch(r"[A-Z0-9]{5}", drawn[0])
