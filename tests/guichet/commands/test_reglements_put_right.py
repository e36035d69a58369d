"""`guichet reglements annuler | imputer`, `factures prelevement`: what was entered is put right."""

from tests.support.payments.card_payments import paid, plain
from tests.support.people import invoice


def paid_cents(portal):
    return portal.stores.invoices.find("dupont", "169165").paid_cents


def movement_of(guichet, number="169165"):
    return guichet("paiements", "voir", number).out.splitlines()[-1].split()[0]


def test_a_bounced_cheque_is_undone_and_the_invoice_is_to_pay_again(bring, portal, guichet):
    bring("09/06/2026;169165;57,00;chèque;12")
    asked = ("reglements", "annuler", "169165", "--mouvement", movement_of(guichet), "--motif")
    assert "Essai : 57,00 € seraient annulés" in plain(guichet(*asked, "impayé", "--essai").out)
    ran = guichet(*asked, "impayé")
    assert (
        ran.code,
        "57,00 € à payer" in plain(ran.out),
        paid_cents(portal),
    ) == (0, True, 0)
    assert "déjà annulé" in guichet(*asked, "impaye").out
    assert portal.stores.journal.latest("dupont", now=portal.clock())[0].event == "movement_undone"
    ran = bring("09/06/2026;169165;57,00;chèque;12", options=["--quand-meme"])
    assert (ran.code, "annulé depuis" in ran.out, paid_cents(portal)) == (
        0,
        True,
        0,
    )
    assert guichet(*asked, "parce que").code == 2
    ran = guichet("reglements", "annuler", "169165", "--mouvement", "ZZZZZZ", "--motif", "rejet")
    assert (ran.code, "paiements voir" in ran.err) == (1, True)


def test_a_card_payment_is_not_undone(portal, guichet):
    paid(portal)
    ran = guichet("reglements", "annuler", "169165", "--mouvement", movement_of(guichet), "--motif", "erreur")
    assert (ran.code, "paiements rembourser" in ran.err) == (1, True)


def test_a_surplus_is_offset_on_another_invoice_of_the_account(bring, portal, guichet):
    bring("09/06/2026;169165;70,00;chèque;12")
    assert portal.stores.invoices.add(invoice("180000", billed_cents=2000))
    asked = ("reglements", "imputer", "169165", "--sur", "180000")
    assert "Essai : 13,00 € de n° 169165 sur n° 180000" in plain(guichet(*asked, "--essai").out)
    ran = guichet(*asked)
    assert (ran.code, "7,00 € à payer" in plain(ran.out)) == (0, True)
    assert guichet(*asked).code == 1
    assert guichet("comptabilite", "verifier").code == 0
    taken = guichet("encaissements", "exporter", "--du", "08/06/2026", "--au", "10/06/2026", "--detail").out
    assert "Imputation" not in taken


def test_the_account_shows_every_movement_and_what_is_in_its_favour(bring, guichet):
    bring("09/06/2026;169165;70,00;chèque;12")
    shown = plain(guichet("comptes", "voir", "dupont").out)
    assert "En faveur de la famille : 13,00 €, n° 169165" in shown
    assert "09/06/2026 Règlement 70,00 €, dont 13,00 € de trop-perçu (cheque, 12" in shown


def test_a_direct_debit_is_stopped_for_one_invoice(guichet, portal):
    assert portal.stores.invoices.add(invoice("180000", direct_debit=True))
    ran = guichet("factures", "prelevement", "180000", "--arreter", "--motif", "refusé")
    assert (ran.code, "à payer par carte" in ran.out) == (0, True)
    assert not portal.stores.invoices.find("dupont", "180000").direct_debit
    assert portal.stores.journal.latest("dupont", now=portal.clock())[0].event == "direct_debit_stopped"
    assert guichet("factures", "prelevement", "180000", "--reprendre").code == 0
    assert portal.stores.invoices.find("dupont", "180000").direct_debit
    assert guichet("factures", "prelevement", "180000").code == 2
    assert guichet("factures", "prelevement", "150001", "--arreter").code == 1
