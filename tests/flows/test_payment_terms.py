"""When an invoice may not be paid online: the page says why, and how to pay instead."""

import pytest

from chalicelib.domain.invoice import InvoiceState, PaymentObstacle, PaymentTerms
from tests.support.browsing import Browser
from tests.support.payments.paying import BANK_PAGE, PAYMENT, error_texts
from tests.support.people import add_invoices, invoice

OPEN = PaymentTerms(online=True, days_after_due=60)
DUE_ON = invoice().due_on


@pytest.mark.parametrize(
    ("changes", "terms", "days_late", "bar"),
    [
        ({}, OPEN, 0, None),
        ({}, OPEN, 60, None),
        ({}, OPEN, 61, PaymentObstacle.TOO_LATE),
        ({}, PaymentTerms(online=False, days_after_due=60), 0, PaymentObstacle.SWITCHED_OFF),
        ({"direct_debit": True}, OPEN, 0, PaymentObstacle.DIRECT_DEBIT),
        ({"paid_cents": 5700}, OPEN, 0, PaymentObstacle.NOTHING_DUE),
        ({"billed_cents": -1200}, OPEN, 0, PaymentObstacle.NOTHING_DUE),
        ({"state": InvoiceState.CANCELLED}, OPEN, 0, PaymentObstacle.NOTHING_DUE),
    ],
)
def test_bars(changes, terms, days_late, bar):
    day = DUE_ON.fromordinal(DUE_ON.toordinal() + days_late)
    assert terms.obstacle(invoice(**changes).summary, day) is bar


def signed_in():
    browser = Browser()
    assert browser.sign_in().status == 303
    return browser


def test_invoice_too_late_says_so_in_the_list_on_its_page_and_at_the_recap(portal, clock, dupont):
    dupont.get(PAYMENT)
    clock.advance(days=14 + 61)
    browser = signed_in()
    assert browser.get("/factures").says("Trop tard pour payer en ligne : payez au guichet ou par chèque")
    assert PAYMENT not in browser.page.outline.links
    page = browser.get("/factures/169165")
    assert page.says("Vous pouvez la payer au Guichet unique, ou par chèque à l’ordre de")
    assert PAYMENT not in page.outline.links
    for refused in (browser.get(PAYMENT), post_recap(browser)):
        assert refused.status == 409
        assert refused.says("Le paiement en ligne n’est plus ouvert pour cette facture")


def post_recap(browser):
    browser.get("/factures/169165")
    token = browser.page.outline.forms["/deconnexion"]["csrf"]
    return browser.post(PAYMENT, csrf=token, courriel_recu="dupont@example.org")


def test_town_may_switch_payment_off(portal, dupont):
    vars(portal)["settings"] = portal.settings.model_copy(update={"online_payment": False})
    assert dupont.get("/factures").says("Paiement en ligne suspendu")
    assert dupont.get(PAYMENT).says("Le paiement en ligne est suspendu pour le moment.")


def test_direct_debit_is_said_and_not_payable(portal, dupont):
    add_invoices(portal, invoice("169199", direct_debit=True))
    assert dupont.get("/factures").says("Payée par prélèvement automatique")
    assert dupont.get("/factures/169199").says("Cette facture est payée par prélèvement automatique")
    assert dupont.get("/factures/169199/paiement").status == 409


def test_credit_note_is_shown_and_never_payable(portal, dupont):
    add_invoices(portal, invoice("169198", billed_cents=-1200))
    assert dupont.get("/factures/169198").says("Cette facture est un avoir")
    assert dupont.get("/factures/169198/paiement").status == 409


def test_paid_meanwhile_answers_that_nothing_is_left(portal, dupont):
    dupont.get(PAYMENT)
    dupont_invoice = portal.stores.invoices.find("dupont", "169165")
    portal.clients.dynamodb.update_item(
        TableName=portal.settings.table("invoices"),
        Key={"username": {"S": "dupont"}, "number": {"S": dupont_invoice.number}},
        UpdateExpression="SET paid_cents = :all",
        ExpressionAttributeValues={":all": {"N": "5700"}},
    )
    page = dupont.post(PAYMENT, courriel_recu="dupont@example.org")
    assert page.status == 409
    assert page.says("Il ne reste rien à payer sur cette facture.")


def test_bank_that_wants_a_mobile_gets_one_or_a_question(portal, dupont):
    vars(portal)["settings"] = portal.settings.model_copy(update={"paybox_mobile_required": True})
    dupont.get(PAYMENT)
    refused = dupont.post(PAYMENT, courriel_recu="dupont@example.org", telephone_mobile="04 00 00 00 10")
    assert (refused.status, len(error_texts(refused))) == (422, 1)
    page = dupont.post(PAYMENT, courriel_recu="dupont@example.org", telephone_mobile="06 39 98 00 01")
    billing = page.outline.forms[BANK_PAGE]["PBX_BILLING"]
    assert "<CountryCodeMobilePhone>+33</CountryCodeMobilePhone><MobilePhone>0639980001</MobilePhone>" in billing


def test_mobile_of_the_account_is_sent_and_never_asked_again(portal, dupont):
    vars(portal)["settings"] = portal.settings.model_copy(update={"paybox_mobile_required": True})
    held = portal.stores.accounts.find("dupont")
    assert portal.stores.accounts.replace(held, held.model_copy(update={"mobile": "0639980002"}))
    assert "telephone_mobile" not in dupont.get(PAYMENT).text
    page = dupont.post(PAYMENT, courriel_recu="dupont@example.org")
    assert "<MobilePhone>0639980002</MobilePhone>" in page.outline.forms[BANK_PAGE]["PBX_BILLING"]


def test_bank_is_told_the_country_of_an_address_abroad_and_of_a_foreign_mobile(portal, dupont):
    held = portal.stores.accounts.find("dupont")
    abroad = held.address.model_copy(update={"postcode": "98000", "town": "Monaco", "country": "MC"})
    moved = held.model_copy(update={"address": abroad, "mobile": "+377612345678"})
    assert portal.stores.accounts.replace(held, moved)
    dupont.get(PAYMENT)
    billing = dupont.post(PAYMENT, courriel_recu="dupont@example.org").outline.forms[BANK_PAGE]["PBX_BILLING"]
    assert "<ZipCode>98000</ZipCode><City>Monaco</City><CountryCode>492</CountryCode>" in billing
    assert "<CountryCodeMobilePhone>+377</CountryCodeMobilePhone><MobilePhone>0612345678</MobilePhone>" in billing
