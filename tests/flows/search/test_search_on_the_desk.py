"""On a whole desk: what a family changes on the portal is found in seconds, and an import in ten."""

import http.cookiejar
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import pytest

from tests.support.local_portal import ROOT

pytestmark = pytest.mark.xdist_group("desk")
PASSWORD = "Portail-Demo-2026"


class Family:
    """A browser that keeps its cookies."""

    def __init__(self, desk):
        self.url = desk.url
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(policy))
        self.opener = urllib.request.build_opener(cookies)

    def open(self, path, **fields):
        data = urllib.parse.urlencode(fields).encode() if fields else None
        with self.opener.open(self.url + path, data, timeout=60) as answer:
            return answer.read().decode()

    def submit(self, path, **fields):
        token = re.search(r'name="csrf" value="([^"]+)"', self.open(path))[1]
        return self.open(path, csrf=token, **fields)


def guichet(desk, *words):
    command = [sys.executable, "-m", "guichet", *map(str, words)]
    ran = subprocess.run(command, cwd=ROOT, env=desk.environ(), capture_output=True, text=True, timeout=120)
    return ran.returncode, " ".join(ran.stdout.replace("\u00a0", " ").split(" "))


def within(seconds, desk, said, *typed):
    """Whether a search says this in time; the command's own start counts."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if said in guichet(desk, "comptes", "chercher", *typed)[1]:
            return True
    return False


def test_a_telephone_changed_on_the_portal_is_found_within_seconds(desk):
    family = Family(desk)
    assert "Bienvenue sur votre Compte Famille" in family.submit(
        "/connexion", identifiant="100002", mot_de_passe=PASSWORD
    )
    family.submit("/coordonnees", telephone_mobile="06 39 98 77 66", courriel="hugo.martin@example.org")
    assert within(5 + 5, desk, "compte 100002", "06", "39", "98", "77", "66")
    family.submit("/coordonnees", telephone_mobile="06 39 98 77 55", courriel="hugo.martin@example.org")
    assert within(5 + 5, desk, "compte 100002", "0639987755")
    assert "Aucune famille" in guichet(desk, "comptes", "chercher", "0639987766")[1]


def test_an_imported_family_is_found_within_ten_seconds_and_the_search_is_true(desk, tmp_path):
    town = [sys.executable, "-m", "local.town", "--families", "60", "--months", "1", "--seed", "11", "--out"]
    subprocess.run([*town, str(tmp_path)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    accounts, children = tmp_path / "comptes.csv", tmp_path / "enfants.csv"
    last = accounts.read_text("utf-8-sig").splitlines()[-1].split(";")[0]
    assert guichet(desk, "familles", "importer", accounts, children)[0] == 0
    assert within(10 + 5, desk, f"compte {last}", last)
    end = time.monotonic() + 15
    while (code := guichet(desk, "recherche", "verifier")[0]) and time.monotonic() < end:
        time.sleep(0.5)
    assert code == 0
