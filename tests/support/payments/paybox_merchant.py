"""A merchant for the simulator's tests: signs forms with the portal's own code, records the notices it is sent."""

import http.client
import threading
from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.account import Address, Holder
from chalicelib.domain.payment import Notice
from chalicelib.payment.form import Merchant, PaymentRequest, payment_form
from chalicelib.payment.notice import read_notice
from chalicelib.payment.signature import sign
from local.paybox.contract import Contract

NOON = datetime(2026, 6, 24, 10, 0, tzinfo=UTC)
REFERENCE = "ABCDEF-123456"
FORM_PATH = "/cgi/FramepagepaiementRWD.cgi"
CONTRACT = Contract()
Fields = list[tuple[str, str]]


class Portal(ThreadingHTTPServer):
    """Responds with 200 to every notice and keeps it; `heard` counts them for those who wait."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), PortalHandler)
        self.notices: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.heard = threading.Semaphore(0)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def read(self, public_pem: str) -> list[Notice]:
        return [read_notice(raw, [public_pem], tests_accepted=True) for raw in self.notices]


class PortalHandler(BaseHTTPRequestHandler):
    server: Portal

    def do_POST(self) -> None:
        self.server.notices.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.headers.append(dict(self.headers))
        self.send_response_only(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.heard.release()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def form_of(portal_address: str, reference: str = REFERENCE, *, cents: int = 5700, **changes: Any) -> Fields:
    """The signed fields of a payment, as the portal makes them."""
    merchant = Merchant(page_url="", hmac_key=CONTRACT.hmac_key, site="1999888", rang="32", identifiant="107904482")
    request = PaymentRequest(
        reference=reference,
        amount_cents=cents,
        receipt_email="camille.dupont@example.org",
        holder=Holder(first_name="Camille", last_name="Dupont"),
        address=Address(line_1="1 place de la Pinède", postcode="06990", town="Saint-Aubin-les-Pins"),
        mobile=None,
        return_url=f"{portal_address}/paiements/{reference}",
        notice_url=f"{portal_address}/paybox/notification",
        at=NOON,
    )
    return payment_form(replace(request, **changes), merchant)


class Visitor:
    """A browser without script: posts forms, follows nothing by itself."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, method: str, path: str, body: Fields | str | bytes | None = None) -> tuple[int, Message, str]:
        """Status, headers and text of one answer; a list of fields is posted as a form."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        connection.request(method, path, urlencode(body) if isinstance(body, list) else body)
        answer = connection.getresponse()
        text = answer.read().decode("cp1252" if path.endswith(".csv") else "utf-8")
        connection.close()
        return answer.status, answer.headers, text

    def open(self, fields: Fields) -> tuple[int, Message, str]:
        return self.ask("POST", FORM_PATH, fields)

    def press(self, reference: str, issue: str, **choices: str) -> tuple[int, Message, str]:
        return self.ask("POST", f"/payer/{reference}", [("issue", issue), *choices.items()])


def signed_again(fields: Fields) -> Fields:
    """The form with a fresh HMAC, for faults that are not the HMAC's."""
    kept = [field for field in fields if field[0] != "PBX_HMAC"]
    return [*kept, ("PBX_HMAC", sign(kept, CONTRACT.hmac_key))]


def with_field(fields: Fields, name: str, value: str) -> Fields:
    return signed_again([(known, value if known == name else old) for known, old in fields])
