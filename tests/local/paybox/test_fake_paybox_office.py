"""What the simulated bank remembers and gives back, its key, and the command that starts it."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest

from local.paybox import public_key_pem
from local.paybox.contract import Contract
from tests.support.payments.paybox_merchant import CONTRACT, REFERENCE, Visitor, form_of, with_field


def test_an_accepted_payment_is_not_played_again_and_a_refused_one_is(portal, visitor):
    visitor.open(form_of(portal.address))
    assert visitor.press(REFERENCE, "refuse")[0] == 303
    assert visitor.press(REFERENCE, "accepte")[0] == 303
    status, _, text = visitor.press(REFERENCE, "accepte")
    assert (status, len(portal.notices)) == (409, 2)
    assert "déjà accepté" in text


def test_the_banks_journal_lists_accepted_payments_only_and_survives_a_restart(portal, visitor, start):
    for reference, issue in (("A", "avis-perdu"), ("B", "refuse"), ("C", "accepte")):
        visitor.open(form_of(portal.address, reference, cents=25))
        assert visitor.press(reference, issue)[0] == 303
    text = start().ask("GET", "/export.csv")[2]
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["Reference"], row["Amount"], row["Date"], row["Status"]) for row in rows] == [
        ("A", "25", "24/06/2026", "Télécollecté"),
        ("C", "25", "24/06/2026", "Télécollecté"),
    ]
    assert all(row["TransactionId"] != row["IdAppel"] for row in rows)
    assert len({row["TransactionId"] for row in rows}) == 2


def test_programs_read_what_was_played_and_what_the_portal_answered(portal, visitor):
    visitor.open(form_of(portal.address))
    visitor.press(REFERENCE, "accepte")
    status, headers, text = visitor.ask("GET", "/payments.json")
    (played,) = json.loads(text)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert (played["reference"], played["amount_cents"], played["accepted"]) == (REFERENCE, 5700, True)
    assert [notice["answer"] for notice in played["notices"]] == ["200"]
    assert "camille" not in text


def test_people_read_the_same_on_a_page(portal, visitor):
    assert "Aucun paiement" in visitor.ask("GET", "/")[2]
    visitor.open(form_of(portal.address))
    visitor.press(REFERENCE, "refuse")
    text = visitor.ask("GET", "/")[2]
    assert "57,00\u00a0€ · non abouti" in text
    assert "réponse du portail&nbsp;: 200" in text


def test_a_portal_that_does_not_answer_is_noted_and_the_browser_comes_back(portal, visitor):
    fields = with_field(form_of(portal.address), "PBX_REPONDRE_A", "http://127.0.0.1:1/avis")
    visitor.open(fields)
    assert visitor.press(REFERENCE, "accepte")[0] == 303
    assert json.loads(visitor.ask("GET", "/payments.json")[2])[0]["notices"][0]["answer"] == "injoignable"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/cgi/FramepagepaiementRWD.cgi", 405),
        ("GET", "/ailleurs", 404),
        ("POST", "/payer/INCONNUE", 404),
        ("HEAD", "/", 200),
        ("GET", "/style.css", 200),
    ],
)
def test_other_addresses(visitor, method, path, status):
    assert visitor.ask(method, path)[0] == status


def test_the_key_is_made_once_private_and_shared_by_those_who_start_together(tmp_path):
    pems = []
    threads = [threading.Thread(target=lambda: pems.append(public_key_pem(tmp_path / "new"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pems) == 8
    assert set(pems) == {public_key_pem(tmp_path / "new")}
    assert [oct(file.stat().st_mode & 0o777) for file in (tmp_path / "new").iterdir()] == ["0o600"]


def test_the_contract_follows_the_portals_settings():
    assert Contract.from_environ({}) == Contract()
    environ = {"PORTAIL_PAYBOX_SITE": "1234567", "PORTAIL_PAYBOX_HMAC_KEY": "AB", "PORTAIL_PAYBOX_RANG": ""}
    assert Contract.from_environ(environ) == Contract(site="1234567", hmac_key="AB")


def test_the_command_serves_says_where_prints_no_secret_and_stops(tmp_path, portal):
    command = [sys.executable, "-m", "local.paybox", "--port", "0", "--state", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as program:
        said = [program.stdout.readline()]
        visitor = Visitor(urlsplit(said[0].split()[-1]).port)
        visitor.open(form_of(portal.address))
        visitor.press(REFERENCE, "accepte")
        program.send_signal(signal.SIGTERM)
        said += program.stdout.readlines()
        assert program.wait(timeout=20) == 0
    assert [line.split()[1] for line in said] == ["simulateur", "POST", "avis", "POST"]
    assert not any(secret in "".join(said) for secret in (CONTRACT.hmac_key, "example.org", "Sign=", "PBX_"))


def test_a_port_already_taken_is_one_clear_sentence(tmp_path, portal):
    command = [sys.executable, "-m", "local.paybox", "--port", str(portal.server_port), "--state", tmp_path]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (1, f"Le port {portal.server_port} est déjà pris.\n")
