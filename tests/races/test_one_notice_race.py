"""One notice of the bank, fifty times at once over HTTP: one payment, one entry on each invoice, one receipt."""

import http.client
import json
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from chalicelib import portal as portals
from chalicelib.clients import Clients
from chalicelib.domain.card_payment.share import Share
from chalicelib.domain.payment import Attempt
from chalicelib.formats import euros
from chalicelib.stage_settings import Settings
from local.paybox import messages
from local.paybox.keys import BankKey
from tests.conftest import TEST_SECRETS
from tests.support.local_portal import ROOT
from tests.support.people import add_invoices, invoice

pytestmark = pytest.mark.xdist_group("desk")
USERNAME = "100003"
RETOUR = "Mt:M;Ref:R;Appel:T;Trans:S;Auto:A;Erreur:E;Date:W;Pays:Y;Fin:J;Sign:K"
SECONDS_TO_MAIL = 60


@dataclass(frozen=True)
class Payment:
    """A payment under way of so many invoices, of 57,00 € each, and where its receipt goes."""

    count: int

    @property
    def reference(self):
        return f"COURSE-{self.count:06}"

    @property
    def email(self):
        return f"course-{self.count}@example.org"

    @property
    def numbers(self):
        return [f"COURSE-{self.count}-{n}" for n in range(self.count)]

    @property
    def cents(self):
        return 5700 * self.count

    def attempt(self):
        shares = tuple(Share(invoice_number=number, amount_cents=5700) for number in self.numbers)
        return Attempt(
            reference=self.reference,
            invoice_number=self.numbers[0],
            username=USERNAME,
            amount_cents=self.cents,
            receipt_email=self.email,
            created_at=datetime.now(UTC),
            shares=shares if self.count > 1 else (),
        )


@pytest.fixture
def portal(desk, monkeypatch):
    """The desk's own stores."""
    for name, value in (("AWS_ENDPOINT_URL", f"http://127.0.0.1:{desk.port + 1}"), ("AWS_ACCESS_KEY_ID", "desk")):
        monkeypatch.setenv(name, value)
    return portals.build(Settings(), TEST_SECRETS, clients=Clients())


def notice(paying):
    """What the fake Paybox would send, signed with its own key."""
    values = {"M": str(paying.cents), "R": paying.reference, "T": "7", "S": "8", "A": "XXXXXX", "E": "00000", "J": "44"}
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


def receipts(desk, paying):
    with urllib.request.urlopen(f"{desk.mailbox_url}/messages.json", timeout=30) as answer:  # noqa: S310 - our own desk
        return [mail["subject"] for mail in json.load(answer) if paying.email in mail["to"]]


def wait_for_receipt(portal, paying):
    end = time.monotonic() + SECONDS_TO_MAIL
    while time.monotonic() < end and portal.stores.payments.find(paying.reference).receipt_mail != "SENT":
        time.sleep(0.2)


@pytest.mark.parametrize("count", [1, 2, 20])
def test_notice_posted_fifty_times_at_once_pays_each_invoice_once(desk, portal, count):
    paying = Payment(count)
    add_invoices(portal, *(invoice(number, USERNAME) for number in paying.numbers))
    assert portal.stores.payments.add(paying.attempt())
    body = notice(paying)
    with ThreadPoolExecutor(50) as crowd:
        answers = list(crowd.map(lambda _: post(desk, body), range(50)))
    assert answers == [(200, b"")] * 50
    for number in paying.numbers:
        (entry,) = portal.stores.ledger.of(number)
        assert (entry.amount_cents, portal.stores.invoices.find(USERNAME, number).paid_cents) == (5700, 5700)
    wait_for_receipt(portal, paying)
    assert post(desk, body) == (200, b"")
    assert receipts(desk, paying) == [f"Reçu de votre paiement de {euros(paying.cents)}"]
    assert portal.stores.payments.find(paying.reference).receipt_number is not None
