"""« Régler ses factures » in Chromium: the jump to the bank's page under our policy, and every way back from it."""

import pytest

from tests.support.browser.billing import bill
from tests.support.browser.letters import Letters
from tests.support.browser.screen import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
RECEIPT_TO = "ngoc.nguyen@example.org"
NUMBERS = [f"NAVIG-{rank:02}" for rank in range(24)]


@pytest.fixture(scope="module")
def unpaid(desk, tmp_path_factory):
    """Numbers of invoices that 100003 owes and no test has used."""
    bill(desk, "100003", NUMBERS, tmp_path_factory.mktemp("billing"))
    return iter(NUMBERS)


@pytest.fixture(scope="module")
def cookies(chromium, desk):
    """Of 100003, signed in once for all these tests."""
    visitor = Screen(chromium, desk)
    visitor.sign_in("100003")
    kept = visitor.context.cookies()
    visitor.close()
    return kept


class Payer:
    """100003 on a phone, about to pay the invoice `number`."""

    def __init__(self, phone, number):
        self.phone = phone
        self.number = number
        self.recap = f"/factures/{number}/paiement"

    def to_the_bank(self):
        """Through the recap; without JavaScript, the page in between waits for its button."""
        self.phone.go(self.recap)
        self.submit_recap()
        if not self.phone.javascript:
            self.phone.press("Continuer vers le paiement sécurisé")
        self.phone.page.wait_for_url(f"http://127.0.0.1:{self.phone.desk.port + 2}/**")

    def submit_recap(self):
        self.phone.fill(courriel_recu=RECEIPT_TO)
        self.phone.press("Payer 11,40 €")

    def come_back(self, outcome):
        """Have the bank play this outcome, and follow its redirection."""
        self.phone.press(outcome)
        self.phone.page.wait_for_url("**/paiements/*")

    def owes(self):
        """Whether the invoice is still to pay."""
        self.phone.go("/factures")
        return self.phone.page.get_by_role("link", name=f"Sélectionner la facture {self.number}").count() == 1


@pytest.fixture
def payer(phone, cookies, unpaid):
    phone.context.add_cookies(cookies)
    return Payer(phone, next(unpaid))


def test_parent_goes_from_the_list_to_the_recap_and_mends_the_address(payer):
    phone = payer.phone
    phone.go("/factures")
    phone.follow(f"Sélectionner la facture {payer.number}")
    assert phone.says("Montant du règlement 11,40 €")
    assert phone.faults() == []
    phone.fill(courriel_recu="ngoc@")
    phone.press("Payer 11,40 €")
    assert phone.page.title().startswith("Erreur")
    assert phone.page.locator("[name=courriel_recu]").input_value() == "ngoc@"
    assert phone.faults() == []


def test_accepted_payment_clears_the_invoice_and_mails_a_receipt(payer):
    letters = Letters(payer.phone.desk, RECEIPT_TO)
    payer.to_the_bank()
    payer.come_back("Paiement accepté")
    assert payer.phone.heading == "Paiement accepté"
    assert payer.phone.says("Montant payé 11,40 €")
    assert payer.phone.faults() == []
    (receipt,) = letters.wait_for("Reçu de votre paiement de 11,40\u00a0€")["attachments"]
    assert receipt["content_type"] == "application/pdf"
    assert not payer.owes()


def test_receipt_is_downloaded_again_and_the_history_tells_what_was_paid(payer):
    payer.to_the_bank()
    payer.come_back("Paiement accepté")
    phone = payer.phone
    receipt = phone.page.get_by_role("link", name="Reçu de paiement (PDF)").get_attribute("href")
    assert phone.context.request.get(phone.desk.url + receipt).body().startswith(b"%PDF-")
    phone.go("/factures/historique")
    row = phone.page.get_by_role("row").filter(has_text=payer.number)
    assert "11,40\u00a0€" in row.get_by_role("cell").nth(3).inner_text()


@pytest.mark.parametrize(
    ("phone", "button", "heading"),
    [
        ("with-javascript", "Paiement refusé", "Paiement refusé"),
        ("with-javascript", "Annulé par le payeur", "Paiement annulé"),
        ("with-javascript", "Temps dépassé", "Paiement expiré"),
        ("with-javascript", "En attente de la banque", "Paiement en cours de confirmation"),
        ("without-javascript", "Paiement refusé", "Paiement refusé"),
        ("without-javascript", "Annulé par le payeur", "Paiement annulé"),
    ],
    indirect=["phone"],
)
def test_payment_that_did_not_succeed_says_so_and_the_invoice_stays(payer, button, heading):
    payer.to_the_bank()
    payer.come_back(button)
    assert payer.phone.heading == heading
    assert payer.phone.says("rien n'a été débité")
    assert payer.phone.faults() == []
    assert payer.owes()


def test_bank_may_send_the_browser_back_by_post(payer):
    payer.to_the_bank()
    payer.phone.page.get_by_label("par un formulaire (POST)").check()
    payer.phone.press("Paiement accepté")
    payer.phone.press("Retourner chez le marchand")
    payer.phone.page.wait_for_url("**/paiements/*")
    assert payer.phone.heading == "Paiement accepté"
    assert payer.phone.says("Montant payé 11,40 €")


def test_return_signed_out_tells_the_outcome_and_nothing_private(payer):
    payer.to_the_bank()
    payer.phone.context.clear_cookies()
    payer.come_back("Paiement accepté")
    assert payer.phone.heading == "Paiement accepté"
    for private in ("11,40", payer.number, RECEIPT_TO):
        assert not payer.phone.says(private), private
    assert payer.phone.faults() == []
    payer.phone.follow("Me connecter pour voir mes factures")
    assert payer.phone.heading == "Bienvenue sur le Portail Famille du Guichet Unique"


def test_paid_invoice_cannot_be_paid_again(payer):
    payer.to_the_bank()
    payer.come_back("Paiement accepté")
    payer.phone.go(payer.recap)
    assert payer.phone.heading == "Facture déjà réglée"
    assert payer.phone.faults() == []


@pytest.mark.parametrize("phone", ["with-javascript"], indirect=True)
def test_back_button_leads_from_the_bank_to_the_recap_which_tells_of_the_payment_under_way(payer):
    """Without JavaScript the browser itself asks whether the form in between is to be posted again."""
    payer.to_the_bank()
    payer.phone.back()
    assert payer.phone.page.url == payer.phone.desk.url + payer.recap
    payer.phone.page.reload()
    assert payer.phone.says("Un paiement de cette facture est déjà en cours")
    assert payer.phone.faults() == []


@pytest.mark.parametrize("phone", ["with-javascript"], indirect=True)
def test_page_before_the_bank_is_accessible_to_whoever_must_press_its_button(payer):
    still = "**/paiement.js"
    payer.phone.page.route(still, lambda route: route.fulfill(body="", content_type="text/javascript"))
    payer.phone.go(payer.recap)
    payer.submit_recap()
    assert payer.phone.heading == "Vers la page de paiement"
    assert payer.phone.faults() == []
