"""A family on its way through a payment, and its bank's messages."""

import re
from typing import Any

from tests.support.browsing import Browser, Fields, Page
from tests.support.gateway import Answer, Call, send
from tests.support.payments.bank import FORM, signing_bank

PAYMENT = "/factures/169165/paiement"
BANK_PAGE = "https://tpeweb.example.org/cgi/FramepagepaiementRWD.cgi"


def start(browser: Browser, email: str = "dupont@example.org", path: str = PAYMENT) -> Fields:
    """Through the recap to the page that posts to the bank. Returns its fields."""
    browser.get(path)
    page = browser.post(path, courriel_recu=email)
    assert page.status == 200, page.text
    assert page.outline
    return page.outline.forms[BANK_PAGE]


def reference_of(fields: Fields) -> str:
    return fields["PBX_CMD"]


def say(raw: bytes, source: str = "203.0.113.50") -> Answer:
    """A message to the portal, as a bank's server sends it: no cookie, no Accept."""
    return send(Call("POST", "/paybox/notification", FORM, raw, source))


def pay(browser: Browser, **notice: Any) -> str:
    """Start a payment and have the bank accept it. Returns its reference."""
    reference = reference_of(start(browser))
    answer = say(signing_bank().notice(reference, **notice))
    assert (answer.status, answer.body) == (200, b"")
    return reference


def signed_out() -> Browser:
    return Browser()


def error_texts(page: Page) -> list[str]:
    return re.findall(r'class="error"[^>]*>([^<]+)<', page.text)
