"""Sessions: a new token at each sign-in, ended by idleness, by age and by the server."""

import re

import pytest

from app import PAGE_MODULES
from chalicelib.handlers.http.routing import Access
from tests.support.browsing import Browser
from tests.support.gateway import Call, send


def test_new_token_of_256_bits_at_each_sign_in(portal):
    tokens = set()
    for _ in range(3):
        browser = Browser()
        assert browser.sign_in().status == 303
        tokens.add(browser.cookies["__Host-session"])
    assert len(tokens) == 3
    assert all(re.fullmatch(r"dupont~[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_sign_out_clears_what_the_browser_stored_and_leaves_it_known(dupont):
    known = dupont.cookies["__Host-appareil"]
    dupont.get("/factures")
    page = dupont.post("/deconnexion")
    assert page.header("clear-site-data") == '"storage"'
    assert "__Host-session" not in dupont.cookies
    assert dupont.cookies["__Host-appareil"] == known
    assert dupont.get("/connexion").header("clear-site-data") is None


def test_planted_session_cookie_is_not_adopted(portal):
    planted = "dupont~" + "A" * 43
    browser = Browser()
    browser.cookies["__Host-session"] = planted
    assert browser.get("/factures").status == 303
    assert browser.sign_in().status == 303
    assert browser.cookies["__Host-session"] != planted


def test_only_the_hash_of_the_token_is_stored(portal, dupont):
    token = dupont.cookies["__Host-session"].partition("~")[2]
    rows = portal.clients.dynamodb.scan(TableName=portal.settings.table("sessions"))["Items"]
    assert len(rows) == 1
    assert token not in repr(rows)


def test_handle_of_another_account_gives_nothing(portal, dupont):
    token = dupont.cookies["__Host-session"].partition("~")[2]
    dupont.cookies["__Host-session"] = f"martin~{token}"
    assert dupont.get("/factures").status == 303


def test_session_ends_after_thirty_idle_minutes(dupont, clock):
    clock.advance(minutes=29)
    assert dupont.get("/factures").status == 200
    clock.advance(minutes=30)
    assert dupont.get("/factures").status == 303


def test_ended_session_is_told_on_the_way_back_in(dupont, clock):
    clock.advance(minutes=31)
    dupont.get("/factures")
    assert dupont.follow().says("Votre session est terminée. Reconnectez-vous pour continuer")
    dupont.post("/coordonnees", telephone_fixe="01 99 00 12 34")
    assert dupont.follow().says("Votre session est terminée. Reconnectez-vous, puis recommencez.")
    assert not Browser().get("/connexion").says("terminée")


def test_session_ends_after_twelve_hours_even_when_used(dupont, clock):
    for _ in range(29):
        clock.advance(minutes=24)
        assert dupont.get("/factures").status == 200
    clock.advance(minutes=24)
    assert dupont.get("/factures").status == 303


def test_post_with_a_dead_session_leads_to_sign_in_before_csrf_is_looked_at(dupont, clock):
    clock.advance(hours=13)
    page = dupont.post("/deconnexion")
    assert page.status == 303


@pytest.mark.parametrize("kind", [None, "application/json", "multipart/form-data; boundary=x"])
def test_post_without_session_leads_to_sign_in_whatever_its_kind(portal, kind):
    forms = [path for (method, path), route in all_routes() if method == "POST" and route.access is Access.FAMILY]
    headers = {"Content-Type": kind} if kind else {}
    for path in forms:
        answer = send(Call("POST", path.replace("{numero}", "169165"), headers, b"a=b"))
        assert (answer.status, answer.location) == (303, "/connexion"), path
    assert forms


def all_routes():
    for room in PAGE_MODULES:
        yield from room.pages.routes.items()


def test_signing_in_again_ends_the_session_of_this_browser(dupont):
    before = dict(dupont.cookies)
    assert dupont.sign_in().status == 303
    thief = Browser()
    thief.cookies = before
    assert thief.get("/factures").status == 303
    assert dupont.get("/factures").status == 200
