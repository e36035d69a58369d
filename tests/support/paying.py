"""A family on its way through a payment, and its bank's messages."""

import re

from tests.support.bank import FORM, signing_bank
from tests.support.browsing import Browser
from tests.support.gateway import Call, send

PAYMENT = "/factures/169165/paiement"
BANK_PAGE = "https://tpeweb.example.org/cgi/FramepagepaiementRWD.cgi"


def start(browser, email="dupont@example.org", path=PAYMENT):
    """Through the recap to the page that posts to the bank. Returns its fields."""
    browser.get(path)
    page = browser.post(path, courriel_recu=email)
    assert page.status == 200, page.text
    return page.outline.forms[BANK_PAGE]


def reference_of(fields):
    return fields["PBX_CMD"]


def say(raw, source="203.0.113.50"):
    """A message to the portal, as a bank's server sends it: no cookie, no Accept."""
    return send(Call("POST", "/paybox/notification", FORM, raw, source))


def pay(browser, **notice):
    """Start a payment and have the bank accept it. Returns its reference."""
    reference = reference_of(start(browser))
    answer = say(signing_bank().notice(reference, **notice))
    assert (answer.status, answer.body) == (200, b"")
    return reference


def signed_out():
    return Browser()


def error_texts(page):
    return re.findall(r'class="error"[^>]*>([^<]+)<', page.text)
