"""A form posted many times at once over HTTP, then again: done once, and every answer leads to the same page."""

import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.http_caller import Caller

pytestmark = pytest.mark.xdist_group("desk")
DEMO_PASSWORD = "Portail-Demo-2026"
TAPS = 8
REPORT = {"sujet": "foyer", "message": "Le prénom de notre fille s’écrit avec un accent."}
SECONDS_TO_MAIL = 60


@pytest.fixture
def parent(desk):
    """Signed in at the desk as its first demo family."""
    caller = Caller(desk)
    form = caller.open_form() | {"identifiant": "100001", "mot_de_passe": DEMO_PASSWORD}
    status, _, cookie = caller.ask("POST", "/connexion", form)
    assert (status, bool(cookie)) == (303, True)
    caller.cookie = cookie.partition(";")[0]
    return caller


def tap(parent, path, form):
    """Post the same form from several connections at once, then, as a refresh does, once more."""
    with ThreadPoolExecutor(TAPS) as crowd:
        answers = list(crowd.map(lambda _: parent.ask("POST", path, form), range(TAPS)))
    return [status for status, _, _ in [*answers, parent.ask("POST", path, form)]]


def specimens(desk):
    with urllib.request.urlopen(f"{desk.mailbox_url}/messages.json", timeout=30) as answer:  # noqa: S310 - our own desk
        return [mail for mail in json.load(answer) if "test" in mail["subject"].lower()]


def exported_requests(parent):
    """What the family's own export says of its reports."""
    form = parent.open_form("/mes-donnees/fichier")
    status, text, _ = parent.ask("POST", "/mes-donnees/fichier", form)
    assert status == 200, text
    return [one for one in json.loads(text)["demandes"] if REPORT["message"] in json.dumps(one, ensure_ascii=False)]


def test_an_error_reported_many_times_at_once_is_one_report(desk, parent):
    form = parent.open_form("/dossier") | REPORT
    assert tap(parent, "/dossier/signalement", form) == [303] * (TAPS + 1)
    assert len(exported_requests(parent)) == 1


def test_a_specimen_asked_many_times_at_once_is_one_mail(desk, parent):
    known = len(specimens(desk))
    form = parent.open_form("/mode-de-reception/test")
    assert tap(parent, "/mode-de-reception/test", form) == [303] * (TAPS + 1)
    end = time.monotonic() + SECONDS_TO_MAIL
    while len(specimens(desk)) == known and time.monotonic() < end:
        time.sleep(0.2)
    time.sleep(2)  # a second mail would have had the time to come
    assert len(specimens(desk)) == known + 1
