"""One notice of the bank, fifty times at once over HTTP: one payment, one entry, one receipt."""

import http.client
import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from chalicelib import portal as portals
from chalicelib.clients import Clients
from chalicelib.domain.payment import Attempt
from chalicelib.stage_settings import Settings
from local.paybox import messages
from local.paybox.keys import BankKey
from tests.conftest import TEST_SECRETS
from tests.support.local_portal import ROOT
from tests.support.people import add_invoices, invoice

pytestmark = pytest.mark.xdist_group("desk")
REFERENCE, NUMBER, EMAIL = "COURSE-000001", "COURSE-1", "course@example.org"
RETOUR = "Mt:M;Ref:R;Appel:T;Trans:S;Auto:A;Erreur:E;Date:W;Pays:Y;Fin:J;Sign:K"
SECONDS_TO_MAIL = 60


@pytest.fixture
def portal(desk, monkeypatch):
    """The desk's own stores, with an invoice of 57,00 € that is being paid."""
    for name, value in (("AWS_ENDPOINT_URL", f"http://127.0.0.1:{desk.port + 1}"), ("AWS_ACCESS_KEY_ID", "desk")):
        monkeypatch.setenv(name, value)
    opened = portals.build(Settings(), TEST_SECRETS, clients=Clients())
    add_invoices(opened, invoice(NUMBER, "100003"))
    started = Attempt(
        reference=REFERENCE,
        invoice_number=NUMBER,
        username="100003",
        amount_cents=5700,
        receipt_email=EMAIL,
        created_at=datetime.now(UTC),
    )
    assert opened.stores.payments.add(started)
    return opened


def notice():
    """What the fake Paybox would send, signed with its own key."""
    values = {"M": "5700", "R": REFERENCE, "T": "7", "S": "8", "A": "XXXXXX", "E": "00000", "J": "44"}
    return messages.notice(RETOUR, values, BankKey(ROOT / ".local" / "paybox").sign)


def post(desk, body):
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=120)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/paybox/notification", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def receipts(desk):
    with urllib.request.urlopen(f"{desk.mailbox_url}/messages.json", timeout=30) as answer:  # noqa: S310 - our own desk
        return [mail["subject"] for mail in json.load(answer) if EMAIL in mail["to"]]


def wait_for_receipt(desk, portal):
    end = time.monotonic() + SECONDS_TO_MAIL
    while time.monotonic() < end and portal.stores.payments.find(REFERENCE).receipt_mail != "SENT":
        time.sleep(0.2)


def test_notice_posted_fifty_times_at_once_pays_once(desk, portal):
    body = notice()
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: post(desk, body), range(50)))
    assert answers == [(200, b"")] * 50
    (entry,) = portal.stores.ledger.of(NUMBER)
    assert (entry.amount_cents, portal.stores.invoices.find("100003", NUMBER).paid_cents) == (5700, 5700)
    wait_for_receipt(desk, portal)
    assert post(desk, body) == (200, b"")
    assert receipts(desk) == ["Reçu de votre paiement de 57,00\u00a0€"]
    assert portal.stores.payments.find(REFERENCE).receipt_number is not None
