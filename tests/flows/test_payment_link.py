"""From the mail or the QR code of an invoice to the bank, without signing in, and what a link does not tell."""

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.domain.ledger import total
from chalicelib.services.payments.payment_link import TRIES_AN_HOUR, payment_path
from tests.support.browsing import Browser
from tests.support.counting import counted_calls
from tests.support.gateway import Call
from tests.support.letterbox import mails
from tests.support.payments.bank import FORM, signing_bank
from tests.support.payments.paying import BANK_PAGE, error_texts, pay, reference_of, say
from tests.support.people import add_invoices, invoice

PRIVATE = ("dupont", "Camille", "Noé", "Zoé", "rue", "@example.org")
"""What a stranger who holds the link must not read: name, children, street, e-mail address."""


@pytest.fixture
def path(portal, dupont):
    """The link of dupont's invoice. The family exists; nobody is signed in where it is opened."""
    return payment_path(portal.stores.invoices.find("dupont", "169165"), key=portal.secrets.links[0])


@pytest.fixture
def stranger():
    return Browser()


def change(portal, **changes):
    before = portal.stores.invoices.find("dupont", "169165")
    assert portal.stores.money.change_invoice(before, before.model_copy(update=changes))


def to_bank(browser, path, **typed):
    browser.get(path)
    page = browser.post(path, **typed)
    assert page.status == 200, page.text
    return page.outline.forms[BANK_PAGE]


def test_link_shows_one_invoice_and_nothing_else_of_the_family(stranger, path):
    page = stranger.get(path)
    assert page.says("Payer la facture n° 169165")
    assert page.says("Restauration Scolaire")
    assert page.says("à payer au plus tard le 24 juin 2026")
    assert page.says("Payer 57,00 €")
    assert not any(word in page.text for word in PRIVATE)


def test_nothing_typed_pays_and_the_receipt_goes_to_the_family(portal, stranger, path):
    fields = to_bank(stranger, path)
    (attempt,) = portal.stores.payments.of_invoice("169165")
    assert (fields["PBX_TOTAL"], attempt.receipt_email) == ("5700", "dupont@example.org")
    assert not any(word in stranger.page.text.replace(portal.town.desk.email, "") for word in PRIVATE)
    assert fields["PBX_PORTEUR"] == portal.town.desk.email
    assert say(signing_bank().notice(reference_of(fields))).status == 200
    assert total(portal.stores.ledger.of("169165")) == (5700, 0)
    portal.tasks.run()
    assert [mail.to for mail in mails()] == ["dupont@example.org"]


def test_typed_address_gets_the_receipt(portal, stranger, path):
    fields = to_bank(stranger, path, courriel_recu="mamie@example.org")
    (attempt,) = portal.stores.payments.of_invoice("169165")
    assert attempt.receipt_email == fields["PBX_PORTEUR"] == "mamie@example.org"


def test_wrong_address_is_told_and_starts_nothing(portal, stranger, path):
    stranger.get(path)
    page = stranger.post(path, courriel_recu="mamie")
    assert (page.status, len(error_texts(page))) == (422, 1)
    assert not portal.stores.payments.of_invoice("169165")


def test_family_without_address_is_asked_for_one(portal, stranger, path):
    held = portal.stores.accounts.find("dupont")
    assert portal.stores.accounts.replace(held, held.model_copy(update={"email": None}))
    stranger.get(path)
    assert stranger.post(path).status == 422
    assert stranger.post(path, courriel_recu="mamie@example.org").status == 200


def test_looking_spends_nothing(portal, stranger, path):
    for _ in range(3):
        assert stranger.get(path).status == 200
    with counted_calls(portal) as calls:
        stranger.get(path)
    assert calls == {"dynamodb.BatchGetItem": 2, "dynamodb.Query": 1}


def test_paid_and_cancelled_invoices_say_only_that(portal, dupont, stranger, path):
    pay(dupont)
    page = stranger.get(path)
    assert page.says("Cette facture est payée")
    assert not any(word in page.text for word in (*PRIVATE, "169165", "57,00", "Restauration"))
    csrf = {"csrf": ""}
    assert stranger.post(path, **csrf).status == 403
    change(portal, state=InvoiceState.CANCELLED)
    page = stranger.get(path)
    assert page.says("Cette facture est annulée")
    assert not any(word in page.text for word in (*PRIVATE, "169165", "57,00", "Restauration"))


def test_invoice_paid_while_the_page_was_open_is_not_paid_again(portal, dupont, stranger, path):
    stranger.get(path)
    pay(dupont)
    assert stranger.post(path).says("Cette facture est payée")
    assert len(portal.stores.payments.of_invoice("169165")) == 1


@pytest.mark.parametrize(
    "wrong", ["169165.", "169165.{mac}x", "999999.{mac}", "{mac}", "169166.{mac}", "..", "a" * 500]
)
def test_wrong_link_is_the_404_of_what_does_not_exist(stranger, path, wrong):
    mac = path.rpartition(".")[2]
    told = stranger.get(f"/payer/{wrong.format(mac=mac)}")
    nothing = stranger.get("/payer/nothing")
    assert (told.status, told.body) == (404, nothing.body)


def test_prepared_invoice_has_no_link_yet(portal, stranger):
    waiting = invoice("169300", state=InvoiceState.PREPARED, run="2026-06-3f9a1c2b04")
    add_invoices(portal, waiting)
    assert stranger.get(payment_path(waiting, key=portal.secrets.links[0])).status == 404


def test_link_dies_with_the_account(portal, stranger, path):
    portal.stores.accounts.remove("dupont")
    assert stranger.get(path).status == 404


def test_links_of_the_older_key_still_work(portal, stranger, path):
    new = portal.secrets.model_copy(update={"links": (b"n" * 32, *portal.secrets.links)})
    object.__setattr__(portal, "secrets", new)
    assert stranger.get(path).status == 200


def test_two_taps_are_one_payment(portal, stranger, path):
    stranger.get(path)
    form = stranger.page
    stranger.post(path)
    stranger.page = form
    assert stranger.post(path).status == 200
    assert len(portal.stores.payments.of_invoice("169165")) == 1


def test_another_tab_is_told_before_a_second_payment_starts(portal, stranger, path, clock):
    stranger.get(path)
    to_bank(Browser(), path)
    clock.advance(seconds=30)
    told = stranger.post(path)
    assert told.status == 409
    assert told.says("Un paiement de cette facture est déjà en cours")
    assert stranger.post(path).status == 200
    assert len(portal.stores.payments.of_invoice("169165")) == 2


def test_one_source_is_limited(stranger, path, clock):
    for _ in range(TRIES_AN_HOUR):
        assert stranger.get("/payer/169165.wrong").status == 404
    assert stranger.get("/payer/169165.wrong").status == 429
    assert stranger.get(path).status == 200, "a right link is looked at freely"
    assert stranger.post(path).status == 429
    clock.advance(hours=1, seconds=1)
    stranger.get(path)
    assert stranger.post(path).status == 200


def test_form_of_another_site_is_refused(portal, stranger, path):
    stranger.get(path)
    foreign = FORM | {"Origin": "https://evil.example"}
    assert stranger.send(Call("POST", path, foreign, b"courriel_recu=")).status == 403
    assert not portal.stores.payments.of_invoice("169165")


def test_link_is_never_logged(stranger, path, caplog):
    caplog.set_level(0)
    to_bank(stranger, path)
    stranger.get(f"{path}x")
    assert path.rpartition(".")[2] not in caplog.text
