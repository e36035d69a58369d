"""`guichet signalements`: what families say is wrong, and the answer they get."""

import pytest

from chalicelib.domain.request import RequestState
from chalicelib.services.account.report_error import report_error
from tests.support.letterbox import mails


@pytest.fixture
def reported(portal):
    return report_error(
        "dupont", "enfants", "Noé est né\nle 2 mars.", requests=portal.stores.requests, clock=portal.clock
    )


def test_reports_are_listed_with_their_words(guichet, reported):
    out = guichet("signalements", "lister").out
    assert f"{reported.id} dupont, 10 juin 2026 à 11 h 00, Les enfants :" in out
    assert "le 2 mars." in out


def test_answer_closes_the_report_and_is_mailed(guichet, portal, reported, monkeypatch):
    monkeypatch.setattr("guichet.agent.acting", lambda: "camille")
    assert guichet("signalements", "clore", reported.id, "--reponse", "La date est corrigée.").code == 0
    closed = portal.stores.requests.find("dupont", reported.id)
    assert (closed.state, closed.answer, closed.decided_by) == (RequestState.CLOSED, "La date est corrigée.", "camille")
    assert "Aucune erreur signalée" in guichet("signalements", "lister").out
    portal.tasks.run()
    (mail,) = mails()
    assert mail.subject == "Réponse à l’erreur que vous avez signalée"
    assert mail.says("La date est corrigée.")


def test_report_is_closed_once_and_with_an_answer(guichet, reported):
    assert guichet("signalements", "clore", reported.id, "--reponse", " ").code == 2
    assert guichet("signalements", "clore", reported.id, "--reponse", "Fait.").code == 0
    assert guichet("signalements", "clore", reported.id, "--reponse", "Encore.").code == 1


def test_address_is_not_closed_as_a_report(guichet, reported):
    assert guichet("signalements", "clore", reported.id.replace("S-", "A-"), "--reponse", "Fait.").code == 1
