"""The guide, « Régler ses factures »: from the list to the bank, back, and what is left of it."""

from urllib.parse import urlencode

from chalicelib.domain.ledger import total
from chalicelib.payment.signature import sign
from tests.support.browsing import Browser
from tests.support.counting import counted_calls
from tests.support.gateway import Call
from tests.support.letterbox import mails
from tests.support.payments.bank import FORM, REFUSED, signing_bank
from tests.support.payments.paying import BANK_PAGE, PAYMENT, error_texts, pay, reference_of, say, start


def test_recap_says_what_the_guide_says(dupont):
    dupont.get("/factures")
    assert PAYMENT in dupont.page.outline.links
    page = dupont.get(PAYMENT)
    assert page.says("Montant du règlement")
    assert page.says("57,00 €")
    assert page.says("Paiement sécurisé, via le service PAYBOX")
    assert page.says("Il est impératif de saisir le courriel (e-mail) auquel sera envoyé la confirmation")
    form = page.outline.forms[PAYMENT]
    assert form["courriel_recu"] == "dupont@example.org"
    assert not any("montant" in name for name in form)
    assert page.says("Payer 57,00 €")


def test_next_page_holds_the_signed_form_and_nothing_else(dupont, portal):
    fields = start(dupont, "Recu@Example.org")
    (kept,) = portal.stores.payments.of_invoice("169165")
    assert fields["PBX_CMD"] == kept.reference
    assert fields["PBX_TOTAL"] == "5700"
    assert fields["PBX_PORTEUR"] == kept.receipt_email == "recu@example.org"
    assert fields["PBX_EFFECTUE"] == f"https://portail.example.org/paiements/{kept.reference}"
    assert fields["PBX_REPONDRE_A"] == "https://portail.example.org/paybox/notification"
    *signed, (last, hmac) = fields.items()
    assert (last, hmac) == ("PBX_HMAC", sign(signed, "0123456789ABCDEF" * 8))
    assert "form-action 'self' https://tpeweb.example.org;" in dupont.page.header("content-security-policy")


def test_recap_takes_one_good_address_of_the_length_the_bank_accepts(dupont, portal):
    dupont.get(PAYMENT)
    long_one = f"{'a' * 60}@{'b' * 60}.example.org"
    for typed in ("", "dupont", "a@example.org, b@example.org", "a@b.c\r\nBcc: d@e.org", "a@b.fr\r\nc", long_one):
        page = dupont.post(PAYMENT, courriel_recu=typed)
        assert page.status == 422
        assert len(error_texts(page)) == 1
    assert not portal.stores.payments.of_invoice("169165")


def test_paid_invoice_that_is_opened_again_is_told_without_speaking_of_an_error(dupont):
    pay(dupont)
    told = dupont.get(PAYMENT)
    assert told.says("Il ne reste rien à payer sur cette facture")
    assert not told.says("Erreur 409")
    assert not told.says("citant la référence")


def test_paid_invoice_leaves_the_list_and_shows_in_the_history(dupont, portal):
    pay(dupont)
    assert dupont.get("/factures").says("Vous n’avez rien à payer pour le moment.")
    assert "169165 24/06/2026 57,00 € 57,00 €" in dupont.get("/factures/historique").words
    assert dupont.get(PAYMENT).status == 409
    held = portal.stores.invoices.find("dupont", "169165")
    assert (held.paid_cents, held.surplus_cents) == (5700, 0)
    assert total(portal.stores.ledger.of("169165")) == (5700, 0)


def test_return_page_tells_each_outcome_and_only_to_its_family(dupont, portal):
    reference = reference_of(start(dupont))
    path = f"/paiements/{reference}"
    assert dupont.get(path).says("Paiement en cours de confirmation")
    assert say(signing_bank().notice(reference, code=REFUSED)).status == 200
    assert dupont.get(path).says("rien n’a été débité")
    assert say(signing_bank().notice(reference)).status == 200
    page = dupont.get(f"{path}?Mt=5700&Erreur=00000")
    assert page.says("Paiement accepté")
    assert page.says("169165")
    for stranger in (Browser(), martin(portal)):
        page = stranger.get(path)
        assert page.says("Paiement accepté")
        assert not any(word in page.text for word in ("169165", "57,00", reference, "dupont"))


def test_the_same_form_after_a_refusal_is_another_payment(dupont, portal):
    dupont.get(PAYMENT)
    form = dupont.page
    first = dupont.post(PAYMENT, courriel_recu="dupont@example.org").outline.forms[BANK_PAGE]
    assert say(signing_bank().notice(reference_of(first), code=REFUSED)).status == 200
    dupont.page = form
    second = dupont.post(PAYMENT, courriel_recu="dupont@example.org").outline.forms[BANK_PAGE]
    assert reference_of(second) != reference_of(first)
    assert len(portal.stores.payments.of_invoice("169165")) == 2


def test_bank_may_send_the_browser_back_by_post(dupont):
    reference = reference_of(start(dupont))
    body = urlencode({"Mt": "1", "Erreur": "00000"}).encode()
    answer = Browser().send(Call("POST", f"/paiements/{reference}", FORM | {"Origin": "https://bank.example"}, body))
    assert (answer.status, answer.location) == (303, f"/paiements/{reference}")
    assert Browser().send(Call("POST", f"/paiements/{reference}", {}, b"")).status == 303, "nothing is read of it"
    assert Browser().get(answer.location).says("Paiement en cours de confirmation")


def test_unknown_payment_is_not_found(dupont):
    for path in ("/paiements/ABCDEF", "/paiements/a_b", "/paiements/ABCDEF/recu"):
        assert dupont.get(path).status == 404


def test_payment_of_another_family_is_not_found_before_anything_is_asked(dupont, portal):
    ours, unknown = dupont.get("/factures/169166/paiement"), dupont.get("/factures/999999/paiement")
    assert ours.status == unknown.status == 404
    assert ours.body == unknown.body
    posted = dupont.post("/factures/169166/paiement", courriel_recu="dupont@example.org")
    assert posted.status in (403, 404)
    assert not portal.stores.payments.of_invoice("169166")


def test_payment_in_another_tab_is_told_before_a_second_one_starts(dupont, portal, clock):
    dupont.get(PAYMENT)
    second = Browser()
    second.cookies = dupont.cookies
    second.get(PAYMENT)
    start(dupont)
    clock.advance(seconds=30)
    told = second.post(PAYMENT, courriel_recu="dupont@example.org")
    assert told.status == 409
    assert told.says("Un paiement de cette facture est déjà en cours")
    assert second.post(PAYMENT, courriel_recu="dupont@example.org").status == 200
    assert len(portal.stores.payments.of_invoice("169165")) == 2


def test_the_same_click_twice_is_one_payment(dupont, portal):
    dupont.get(PAYMENT)
    first = dupont.page
    once = dupont.post(PAYMENT, courriel_recu="dupont@example.org").outline.forms[BANK_PAGE]
    dupont.page = first
    again = dupont.post(PAYMENT, courriel_recu="dupont@example.org").outline.forms[BANK_PAGE]
    assert again["PBX_CMD"] == once["PBX_CMD"]
    assert len(portal.stores.payments.of_invoice("169165")) == 1


def test_refusal_leads_back_to_the_recap_without_a_warning(dupont):
    assert say(signing_bank().notice(reference_of(start(dupont)), code=REFUSED)).status == 200
    page = dupont.get(PAYMENT)
    assert page.status == 200
    assert not page.says("déjà en cours")


def test_two_tabs_that_both_pay_leave_one_payment_and_one_surplus(dupont, portal):
    first, second = reference_of(start(dupont)), reference_of(start(dupont))
    assert say(signing_bank().notice(second, transaction="84")).status == 200
    assert say(signing_bank().notice(first, transaction="83")).status == 200
    held = portal.stores.invoices.find("dupont", "169165")
    assert (held.paid_cents, held.surplus_cents) == (5700, 5700)
    portal.tasks.run()
    assert [mail.subject for mail in mails()] == ["Reçu de votre paiement de 57,00\u00a0€"] * 2
    assert mails()[1].says("57,00 € dépassent ce qui restait à payer")
    assert dupont.get(f"/paiements/{first}").says("la régie la voit et vous la rendra")


def test_receipt_goes_once_to_the_address_typed_and_can_be_had_again(dupont, portal):
    reference = reference_of(start(dupont, "autre@example.org"))
    for _ in range(3):
        assert say(signing_bank().notice(reference)).status == 200
        portal.tasks.run()
    (mail,) = mails()
    assert mail.to == "autre@example.org"
    assert mail.says("carte bancaire ** 44")
    (document,) = mail.message.iter_attachments()
    assert document.get_filename() == "recu-1.pdf"
    shown = dupont.get(f"/paiements/{reference}/recu")
    assert shown.header("content-type") == "application/pdf"
    assert shown.body == document.get_content()


def test_receipt_is_drawn_at_once_when_its_mail_has_not_left(dupont, portal):
    reference = pay(dupont)
    assert dupont.get(f"/paiements/{reference}/recu").body.startswith(b"%PDF")
    assert Browser().get(f"/paiements/{reference}/recu").location.startswith("/connexion")
    assert martin(portal).get(f"/paiements/{reference}/recu").status == 404


def test_pages_of_a_payment_take_two_round_trips(dupont, portal):
    def check_cost(path, most, status=200):
        with counted_calls(portal) as calls:
            assert dupont.get(path).status == status
        assert sum(calls.values()) <= most, (path, calls)

    check_cost(PAYMENT, 2)
    reference = pay(dupont)
    portal.tasks.run()
    check_cost(f"/paiements/{reference}", 1)
    check_cost(PAYMENT, 2, status=409)
    check_cost("/factures", 1)


def martin(portal):
    browser = Browser()
    assert browser.sign_in("martin").status == 303
    return browser
