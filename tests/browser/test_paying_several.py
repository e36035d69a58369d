"""Several invoices in one payment, in Chromium: three presses and no field from home, each state looked at by axe."""

import itertools

import pytest

from tests.support.browser.billing import bill
from tests.support.browser.letters import Letters
from tests.support.browser.screen import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]
USERNAME, RECEIPT_TO = "100002", "plusieurs@example.org"
RANKS = itertools.count()


@pytest.fixture
def owing_two(phone, desk, tmp_path):
    """The phone of 100002, which owes two invoices of 11,40 € that no other test has used."""
    numbers = [f"PLUS-{next(RANKS)}" for _ in range(2)]
    bill(desk, USERNAME, numbers, tmp_path)
    phone.sign_in(USERNAME)
    phone.page.wait_for_url(f"{desk.url}/")
    return numbers


@pytest.mark.usefixtures("owing_two")
def test_two_invoices_are_paid_with_three_presses_from_home(phone):
    letters = Letters(phone.desk, RECEIPT_TO)
    phone.go("/")
    assert phone.faults() == []
    phone.follow("Régler mes factures")
    assert phone.faults() == []
    phone.follow("Payer mes 2 factures : 22,80\u00a0€")
    assert phone.heading == "Payer mes 2 factures"
    assert phone.faults() == []
    phone.fill(courriel_recu=RECEIPT_TO)
    phone.press("Payer 22,80 €")
    if not phone.javascript:
        phone.press("Continuer vers le paiement sécurisé")
    phone.page.wait_for_url(f"http://127.0.0.1:{phone.desk.port + 2}/**")
    phone.press("Paiement accepté")
    phone.page.wait_for_url("**/paiements/*")
    assert phone.heading == "Paiement accepté"
    assert phone.says("Montant payé 22,80 €")
    assert phone.faults() == []
    assert len(letters.wait_for("Reçu de votre paiement de 22,80\u00a0€")["attachments"]) == 1
    phone.go("/factures")
    assert phone.says("Vous n'avez rien à payer pour le moment.")


def test_what_was_paid_in_another_tab_is_told_before_the_bank(phone, owing_two):
    phone.go("/paiement")
    other = Screen(phone.context.browser, phone.desk)
    other.context.add_cookies(phone.context.cookies())
    other.go(f"/factures/{owing_two[0]}/paiement")
    other.fill(courriel_recu=RECEIPT_TO)
    other.press("Payer 11,40 €")
    other.page.wait_for_url(f"http://127.0.0.1:{phone.desk.port + 2}/**")
    other.press("Paiement accepté")
    other.page.wait_for_url("**/paiements/*")
    other.close()
    phone.fill(courriel_recu=RECEIPT_TO)
    phone.press("Payer 22,80 €")
    assert phone.says(f"La facture n° {owing_two[0]} n'est plus à payer")
    assert phone.says("Payer 11,40 €")
    assert phone.faults() == []
    phone.press("Payer 11,40 €")
    if not phone.javascript:
        phone.press("Continuer vers le paiement sécurisé")
    phone.page.wait_for_url(f"http://127.0.0.1:{phone.desk.port + 2}/**")
    phone.press("Paiement accepté")
    phone.page.wait_for_url("**/paiements/*")
    phone.go("/paiement")
    assert phone.heading == "Aucune facture à payer par carte"
    assert phone.faults() == []
