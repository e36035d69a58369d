"""The desk's own command and the real state machine: from a file to the mailbox, on what `make run` starts."""

import json
import re
import subprocess
import sys
import urllib.request
from datetime import timedelta

import pytest

from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris
from tests.support.browsing import fold
from tests.support.files import content_of
from tests.support.local_portal import ROOT
from tests.support.people import invoice

pytestmark = pytest.mark.xdist_group("desk")


@pytest.fixture
def guichet(desk):
    """Run a command line on the desk; what it printed, spaces made plain."""

    def run(*words):
        command = [sys.executable, "-m", "guichet", *map(str, words)]
        done = subprocess.run(command, env=desk.environ(), cwd=ROOT, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stderr
        return fold(done.stdout)

    return run


@pytest.fixture
def today():
    return day_in_paris(system_clock())


def billing_file(folder, today):
    """One invoice for a family on mail, one for a family on paper."""
    dates = {"issued_on": today, "due_on": today + timedelta(days=20)}
    amounts = {"7700001": "100001", "7700002": "100003"}
    path = folder / "factures.csv"
    path.write_bytes(content_of(*(invoice(number, username, **dates) for number, username in amounts.items())))
    return path


def subjects(desk):
    with urllib.request.urlopen(f"{desk.mailbox_url}/messages.json") as answer:  # noqa: S310 - the desk
        return [fold(mail["subject"]) for mail in json.load(answer)]


def test_a_file_becomes_mails_a_paper_batch_and_a_report(desk, guichet, tmp_path, today):
    told = guichet("campagnes", "deposer", billing_file(tmp_path, today))
    run = re.search(r"\d{4}-\d{2}-[0-9a-f]{10}", told)[0]
    guichet("campagnes", "publier", run, "--le", today.isoformat())
    assert "1 envoi lancé" in guichet("envois", "lancer", "--maintenant")
    assert "close" in guichet("envois", "suivre", run)
    paper, listed = tmp_path / "lot.pdf", tmp_path / "lot.csv"
    guichet("envois", "voir", run, "--papier", paper, "--liste", listed)
    assert paper.read_bytes().startswith(b"%PDF-1.7")
    assert re.findall(r";(77\d+);", listed.read_text("utf-8-sig")) == ["7700002"]
    assert sum("7700001" in subject for subject in subjects(desk)) == 1
    assert fold(f"Campagne {run} : 2 factures, 114,00 €") in subjects(desk)
    assert "0 envoi lancé" in guichet("envois", "lancer", "--maintenant")
