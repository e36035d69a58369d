"""Faithful API Gateway events through app(): what local mode hides."""

from contextlib import nullcontext
from urllib.parse import urlencode, urlsplit

import pytest

from app import app
from chalicelib.errors import Forbidden
from chalicelib.handlers.http.visit import refuse_cross_origin
from chalicelib.importing.cells import RESERVED_NUMBERS
from tests.support.gateway import Call, event_of, match_route, send


def test_caller_without_accept_is_answered(portal):
    answer = send(Call("GET", "/connexion"))
    assert answer.status == 200
    assert answer.header("content-type") == "text/html; charset=utf-8"


def test_content_type_of_a_get_means_nothing(portal):
    assert send(Call("GET", "/connexion", {"Content-Type": "application/x-www-form-urlencoded"})).status == 200


def test_head_stands_beside_each_get_and_has_no_body(portal):
    answer = send(Call("HEAD", "/connexion"))
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_other_verbs_are_405_with_a_french_page(portal, method):
    answer = send(Call(method, "/accessibilite", body=b""))
    assert answer.status == 405
    assert answer.header("allow") == "GET, HEAD"
    assert 'lang="fr"' in answer.text


def test_unknown_address_is_a_french_404(portal):
    answer = send(Call("GET", "/nulle-part"))
    assert answer.status == 404
    assert "Page introuvable" in answer.text
    assert "default-src 'none'" in answer.header("content-security-policy")


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "text/plain; */*"}, b"a=b", 415),
        ({"Content-Type": "application/json"}, b"{}", 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=\xff", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=%FF", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=1&a=2", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"&".join(b"f%d=1" % n for n in range(10_000)), 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=" + b"x" * 200_000, 413),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"identifiant=x", 403),
        ({"Content-Type": "application/x-www-form-urlencoded", "Origin": "null"}, b"", 403),
        ({"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://ailleurs.example.org"}, b"", 403),
    ],
)
def test_what_no_form_of_ours_sends_is_refused_in_french(portal, headers, body, status):
    answer = send(Call("POST", "/connexion", headers, body))
    assert answer.status == status
    assert 'lang="fr"' in answer.text


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "Same-Origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "Cross-Site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "SAME-SITE", "origin": "https://portail.example.org"}, False),
    ],
)
def test_a_form_that_the_browser_says_is_of_another_site_is_foreign(headers, passes):
    with nullcontext() if passes else pytest.raises(Forbidden):
        refuse_cross_origin(headers, ["https://portail.example.org"])


@pytest.mark.parametrize("site", ["Cross-Site", "same-site"])
def test_the_door_refuses_what_stands_on_another_site(dupont, site):
    dupont.get("/factures")
    asked = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": site}
    csrf = urlencode({"csrf": dupont.page.outline.forms["/deconnexion"]["csrf"]}).encode()
    assert dupont.send(Call("POST", "/deconnexion", asked, csrf)).status == 403
    ours = asked | {"Sec-Fetch-Site": "same-origin"}
    assert dupont.send(Call("POST", "/deconnexion", ours, csrf)).status == 303


def test_no_invoice_may_be_numbered_like_a_page_of_ours():
    after = {path.split("/")[2] for path in app.routes if path.startswith("/factures/")}
    assert {word for word in after if not word.startswith("{")} == RESERVED_NUMBERS


def test_stage_of_the_gateway_does_not_reach_our_links(portal):
    call = Call("GET", "/factures/169165")
    event = event_of(call, urlsplit(call.url), *match_route("/factures/169165"))
    assert event["requestContext"]["path"] == "/api/factures/169165"
    assert send(call).location == "/connexion?suite=/factures/169165"


def test_static_files_are_immutable_and_typed(portal):
    page = send(Call("GET", "/connexion")).text
    address = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = send(Call("GET", address))
    assert answer.header("content-type") == "text/css; charset=utf-8"
    assert "immutable" in answer.header("cache-control")
    assert send(Call("GET", "/static/x/absent.css")).status == 404


def test_failure_of_aws_is_a_french_503_and_of_ours_a_french_500(portal, monkeypatch):
    monkeypatch.setattr(portal.stores.attempts, "read", unavailable)
    assert send(Call("GET", "/sante")).status == 503
    monkeypatch.setattr(portal.stores.attempts, "read", broken)
    answer = send(Call("GET", "/sante"))
    assert answer.status == 500
    assert "Erreur du portail" in answer.text


def unavailable(keys):
    from chalicelib.errors import Unavailable

    raise Unavailable("attempts")


def broken(keys):
    raise ZeroDivisionError
