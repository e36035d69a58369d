"""One mailed link, posted fifty times at once over HTTP: one password is set."""

import json
import re
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.http_caller import Caller

pytestmark = pytest.mark.xdist_group("desk")
EMAIL = "karim.benali@example.org"
SAME_PASSWORD = "Portail-Demo-2026"
SECONDS_TO_MAIL = 60


def mails_to(desk, address):
    with urllib.request.urlopen(f"{desk.mailbox_url}/messages.json", timeout=30) as answer:  # noqa: S310 - our own desk
        return [mail for mail in json.load(answer) if address in mail["to"]]


def mailed_path(desk, known):
    """The path of the link in the first mail beyond `known`, once the task sent it."""
    end = time.monotonic() + SECONDS_TO_MAIL
    while time.monotonic() < end:
        new = mails_to(desk, EMAIL)[known:]
        if new:
            return re.search(r"/nouveau-mot-de-passe\?jeton=\S+", new[0]["text"])[0]
        time.sleep(0.2)
    raise AssertionError("no mail came")


def test_link_posted_fifty_times_at_once_sets_one_password(desk):
    caller, known = Caller(desk), len(mails_to(desk, EMAIL))
    form = caller.open_form("/identifiants-oublies")
    assert caller.ask("POST", "/identifiants-oublies", form | {"courriel": EMAIL})[0] == 303
    path = mailed_path(desk, known)
    chosen = {"nouveau_mot_de_passe": SAME_PASSWORD, "confirmation": SAME_PASSWORD}
    posted = caller.open_form(path) | {"jeton": path.partition("=")[2]} | chosen
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: caller.ask("POST", "/nouveau-mot-de-passe", posted), range(50)))
    assert Counter(status for status, _, _ in answers) == {303: 1, 410: 49}
