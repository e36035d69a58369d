"""The simulated bank over HTTP: plainly a simulator, true to the protocol in each outcome."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.payment.notice import read_notice
from local.paybox import public_key_pem
from local.paybox.outcomes import OUTCOMES
from tests.support.payments.paybox_merchant import REFERENCE, form_of, with_field


def test_the_page_says_that_it_is_a_simulator_and_what_is_to_be_paid(portal, visitor):
    status, headers, text = visitor.open(form_of(portal.address))
    assert status == 200
    assert "Simulateur de paiement" in text
    assert "<h1>Payer 57,00\u00a0€</h1>" in text
    assert all(word in text for word in ("1999888", REFERENCE, "camille.dupont@example.org", "1111 2222 3333 4444"))
    assert all(outcome.label in text for outcome in OUTCOMES.values())
    assert "<script" not in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("issue", "codes", "page"),
    [
        ("accepte", ["00000"], "PBX_EFFECTUE"),
        ("refuse", ["00105"], "PBX_REFUSE"),
        ("refuse-puis-accepte", ["00105", "00000"], "PBX_EFFECTUE"),
        ("annule", ["00117"], "PBX_ANNULE"),
        ("expire", ["00030"], "PBX_REFUSE"),
        ("attente", ["99999"], "PBX_ATTENTE"),
        ("avis-perdu", [], "PBX_EFFECTUE"),
        ("avis-double", ["00000", "00000"], "PBX_EFFECTUE"),
    ],
)
def test_each_outcome_notifies_then_brings_the_browser_back(portal, visitor, tmp_path, issue, codes, page):
    address = f"{portal.address}/{page}"
    assert visitor.open(with_field(form_of(portal.address), page, address))[0] == 200
    status, headers, _ = visitor.press(REFERENCE, issue)
    assert (status, headers["Location"].partition("?")[0]) == (303, address)
    notices = portal.read(public_key_pem(tmp_path))
    assert [notice.code for notice in notices] == codes
    assert {(notice.reference, notice.amount_cents) for notice in notices} <= {(REFERENCE, 5700)}


def test_every_button_of_the_page_is_played_in_these_tests():
    assert set(OUTCOMES) == {
        *("accepte", "refuse", "refuse-puis-accepte", "annule", "expire", "attente"),
        *("attente-puis-accepte", "avis-en-retard", "avis-perdu", "avis-double"),
    }


@pytest.mark.parametrize(("issue", "first"), [("avis-en-retard", []), ("attente-puis-accepte", ["99999"])])
def test_a_late_notice_comes_after_the_browser(portal, visitor, tmp_path, issue, first):
    visitor.open(form_of(portal.address))
    assert visitor.press(REFERENCE, issue, delai="1")[0] == 303
    assert [notice.code for notice in portal.read(public_key_pem(tmp_path))] == first
    for _ in [*first, "00000"]:
        assert portal.heard.acquire(timeout=10)
    assert [notice.code for notice in portal.read(public_key_pem(tmp_path))] == [*first, "00000"]


def test_the_same_notice_twice_is_the_same_to_the_byte(portal, visitor):
    visitor.open(form_of(portal.address))
    visitor.press(REFERENCE, "avis-double")
    assert portal.notices[0] == portal.notices[1]


def test_an_accepted_notice_carries_what_a_receipt_needs_and_a_refused_one_does_not(portal, visitor, tmp_path):
    visitor.open(form_of(portal.address))
    visitor.press(REFERENCE, "refuse-puis-accepte")
    refused, accepted = portal.read(public_key_pem(tmp_path))
    assert (accepted.authorisation, accepted.card_ending, accepted.country) == ("XXXXXX", "44", "FRA")
    assert str(accepted.paid_on) == "2026-06-24"
    assert accepted.transaction
    assert (refused.authorisation, refused.transaction, refused.card_ending) == ("", "", "")
    assert refused.call != accepted.call


def test_the_notice_is_a_bare_post_as_a_bank_sends_it(portal, visitor):
    visitor.open(form_of(portal.address))
    visitor.press(REFERENCE, "accepte")
    assert set(portal.headers[0]) == {"Host", "Content-Type", "Content-Length"}
    assert portal.headers[0]["Content-Type"] == "application/x-www-form-urlencoded"


def test_the_browser_may_come_back_by_post_with_one_button(portal, visitor):
    visitor.open(form_of(portal.address))
    status, _, text = visitor.press(REFERENCE, "accepte", retour="POST")
    assert status == 200
    assert f'<form method="post" action="{portal.address}/paiements/{REFERENCE}">' in text
    assert '<input type="hidden" name="Erreur" value="00000">' in text
    assert text.count("<button") == 1


def test_the_return_signs_its_whole_query_string(portal, visitor, tmp_path):
    address = f"{portal.address}/retour?langue=fr"
    visitor.open(with_field(form_of(portal.address), "PBX_EFFECTUE", address))
    query = urlsplit(visitor.press(REFERENCE, "accepte")[1]["Location"]).query
    assert parse_qs(query)["langue"] == ["fr"]
    assert read_notice(query.encode(), [public_key_pem(tmp_path)], tests_accepted=True).accepted


def test_an_unknown_button_plays_nothing(portal, visitor):
    visitor.open(form_of(portal.address))
    assert visitor.press(REFERENCE, "autre")[0] == 404
    assert visitor.ask("POST", f"/payer/{REFERENCE}", b"\xff\xfe=1")[0] == 404
    assert portal.notices == []
