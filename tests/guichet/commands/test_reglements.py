"""`guichet reglements`: money that came another way, with the care of every other import, and what of it goes back."""

import pytest

from tests.support.payments.bank import signing_bank
from tests.support.payments.card_payments import REFERENCE, paid, plain, started
from tests.support.payments.paying import say


def paid_cents(portal, number="169165"):
    return portal.stores.invoices.find("dupont", number).paid_cents


def test_money_moves_the_invoice_its_row_and_the_ledger_once(bring, portal):
    lines = ("09/06/2026;169165;20,00;chèque;CHQ 12", "10/06/2026;169165;37,00;espèces;")
    ran = bring(*lines)
    assert (ran.code, "2 règlement(s) enregistré(s), 57,00 €." in ran.out) == (0, True)
    assert paid_cents(portal) == 5700
    assert {row.number: row.paid_cents for row in portal.stores.summaries.find("dupont")}["169165"] == 5700
    again = bring(*lines)
    assert (again.code, "Déjà connus 2 57,00 €" in plain(again.out)) == (0, True)
    assert len(portal.stores.ledger.of("169165")) == 2


def test_settlements_are_read_from_a_pipe_twice_and_booked_once(guichet, portal, pipe, tmp_path):
    (tmp_path / "reglements.csv").write_text(
        "date;numero;montant;moyen;reference\n09/06/2026;169165;20,00;chèque;\n", "utf-8"
    )
    ran = guichet("reglements", "importer", pipe(tmp_path / "reglements.csv"))
    assert (ran.code, paid_cents(portal), len(portal.stores.ledger.of("169165"))) == (0, 2000, 1)


def test_dry_run_says_all_and_writes_nothing(bring, portal):
    ran = bring("09/06/2026;169165;60,00;chèque;", options=["--essai"])
    assert ran.code == 0
    assert "ligne 2 : facture n° 169165, trop-perçu de 3,00 €" in ran.out
    assert paid_cents(portal) == 0


def test_file_with_a_fault_is_left_out_whole_but_for_the_option(bring, portal):
    lines = ("09/06/2026;169165;20,00;chèque;", "09/06/2026;999999;5,00;chèque;", "x;169165;0;;")
    ran = bring(*lines)
    assert (ran.code, paid_cents(portal)) == (1, 0)
    assert "reglements.csv, ligne 3, colonne numero : aucune facture n’a ce numéro" in ran.err
    assert "ligne 4, colonne date" in ran.err
    ran = bring(*lines, options=["--garder-les-bonnes"])
    assert (ran.code, paid_cents(portal)) == (3, 2000)


def test_a_line_that_resembles_another_is_held_back_and_told_until_it_is_asked_for(bring, portal):
    lines = ("09/06/2026;169165;10,00;Espèces;", "2026-06-09;169165;10;chèque;12")
    for _ in range(2):
        ran = bring(*lines)
        assert (ran.code, paid_cents(portal)) == (3, 1000)
    assert "ligne 3 : facture n° 169165, 10,00 €, retenu : ressemble au mouvement" in plain(ran.out)
    assert "sans référence" in ran.out
    assert "ligne 2 : facture n° 169165, 10,00 €, déjà connu : mouvement" in plain(ran.out)
    for _ in range(2):
        assert bring(*lines, options=["--quand-meme"]).code == 0
        assert paid_cents(portal) == 2000


def test_a_cheque_typed_with_or_without_its_zeros_is_one(bring, portal):
    assert bring("09/06/2026;169165;10,00;chèque;0012345").code == 0
    ran = bring("09/06/2026;169165;10,00;CHQ;12345")
    assert (ran.code, "Déjà connus 1 10,00 €" in plain(ran.out), paid_cents(portal)) == (0, True, 1000)


def test_a_settlement_of_1926_or_by_an_unknown_method_is_refused(bring, portal):
    ran = bring("05/11/1926;169165;10,00;chèque;1", "09/06/2026;169165;10,00;coquillages;2")
    assert (ran.code, paid_cents(portal)) == (1, 0)
    assert "ligne 2, colonne date : cette date précède l’an 2000" in ran.err
    assert "ligne 3, colonne moyen : moyen inconnu : cheque, especes, virement" in plain(ran.err)


def test_a_refused_direct_debit_is_taken_back_by_its_negative_line(bring, portal, guichet):
    lines = ("08/06/2026;169165;57,00;prélèvement;P1", "09/06/2026;169165;-57,00;rejet de prélèvement;P1R")
    ran = bring(*lines)
    assert (ran.code, paid_cents(portal)) == (0, 0)
    assert "−57,00 €, annule le mouvement" in plain(ran.out)
    assert bring(*lines).code == 0
    assert "Règlement, annulé 57,00 €" in plain(guichet("paiements", "voir", "169165").out)
    assert guichet("comptabilite", "verifier").code == 0
    taken = guichet("encaissements", "exporter", "--du", "08/06/2026", "--au", "10/06/2026").out
    assert "08/06/2026;prélèvement;1;57,00;0,00;57,00;0,00;0,00" in taken
    assert "09/06/2026;prélèvement;1;0,00;0,00;-57,00;0,00;57,00" in taken


def test_line_of_a_payment_by_card_is_already_known(bring, portal):
    paid(portal)
    ran = bring(f"10/06/2026;169165;57,00;CB internet;{REFERENCE}")
    assert (ran.code, "Déjà connus 1 57,00 €" in plain(ran.out)) == (0, True)
    held = portal.stores.invoices.find("dupont", "169165")
    assert (held.paid_cents, held.surplus_cents) == (5700, 0)


def test_line_of_a_payment_that_the_bank_has_not_confirmed_is_refused(bring, portal):
    started(portal)
    ran = bring(f"10/06/2026;169165;57,00;CB internet;{REFERENCE}")
    assert (ran.code, "« paiements rapprocher »" in ran.err) == (1, True)


def test_unreadable_file_is_refused(guichet, tmp_path):
    path = tmp_path / "reglements.csv"
    path.write_text("rien\n1\n")
    ran = guichet("reglements", "importer", path)
    assert (ran.code, "reglements.csv, ligne 1 : ce n’est pas un fichier de règlements" in ran.err) == (1, True)
    path.write_text("date;numero;montant;moyen;reference\n")
    ran = guichet("reglements", "importer", path)
    assert (ran.code, "0 règlement(s) enregistré(s), 0,00 €." in ran.out) == (0, True)


GIVEN_BACK = ("--montant", "13,00", "--moyen", "virement", "--reference", "V-118")


@pytest.fixture
def surplus(bring):
    """Seventy euros by cheque for an invoice of fifty-seven."""
    assert bring("09/06/2026;169165;70,00;chèque;CHQ 12").code == 0


@pytest.fixture
def give_back(guichet, surplus):
    return lambda *options: guichet("reglements", "rendre", "169165", *options)


def held(portal):
    invoice = portal.stores.invoices.find("dupont", "169165")
    return invoice.paid_cents, invoice.surplus_cents


def test_a_surplus_that_was_given_back_leaves_the_list_and_is_booked_once(guichet, give_back, portal):
    ran = give_back(*GIVEN_BACK)
    assert (ran.code, "Remboursement de 13,00 € enregistré sur la facture n° 169165." in ran.out) == (0, True)
    assert held(portal) == (5700, 0)
    assert "déjà enregistré" in give_back(*GIVEN_BACK).out
    assert len(portal.stores.ledger.of("169165")) == 2
    assert "Trop-perçus : 0 facture(s)" in guichet("paiements", "lister", "--trop-percus").out
    assert guichet("comptabilite", "verifier").code == 0
    assert portal.stores.journal.latest("dupont", now=portal.clock())[0].event == "surplus_returned"
    assert "10/06/2026 Remboursement −13,00 €" in plain(guichet("paiements", "voir", "169165").out)


def test_what_a_cancelled_invoice_had_received_can_be_given_back_whole(guichet, give_back, portal):
    assert guichet("factures", "annuler", "169165", "--motif", "doublon").code == 0
    ran = give_back("--montant", "70", "--moyen", "virement", "--reference", "V-119", "--le", "09/06/2026")
    assert (ran.code, held(portal)) == (0, (0, 0))
    assert portal.stores.ledger.of("169165")[-1].counted_on.isoformat() == "2026-06-09"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--montant", "13,01", *GIVEN_BACK[2:]), "Au plus : 13,00 €."),
        ((*GIVEN_BACK, "--le", "11/06/2026"), "Ce jour n’est pas encore venu."),
        ((*GIVEN_BACK, "--le", "01/06/1999"), "Ce jour précède la facture"),
        (("--montant", "13", "--moyen", "Carte  bancaire", "--reference", "1"), "paiements rembourser"),
        ((*GIVEN_BACK[:4], "--reference", " "), "ne peuvent pas être vides"),
        ((*GIVEN_BACK[:4], "--reference", "—"), "ni sans lettre ni chiffre"),
        (("--montant", "-1", *GIVEN_BACK[2:]), "au-dessus de zéro"),
    ],
)
def test_what_cannot_be_given_back_so_is_refused_and_changes_nothing(give_back, portal, options, said):
    ran = give_back(*options)
    assert (ran.code in (1, 2), said in plain(ran.err)) == (True, True), ran.err
    assert held(portal) == (5700, 1300)


def test_the_same_reference_with_another_amount_is_refused(give_back, portal):
    assert give_back(*GIVEN_BACK).code == 0
    ran = give_back("--montant", "12,00", *GIVEN_BACK[2:])
    assert (ran.code, "d’un autre montant" in ran.err) == (1, True)


def test_the_same_return_typed_another_way_is_booked_once(give_back, portal):
    assert give_back("--montant", "6,00", "--moyen", "Espèces", "--reference", "R 1").code == 0
    assert "déjà enregistré" in give_back("--montant", "6", "--moyen", "especes", "--reference", "r-1").out
    assert held(portal) == (5700, 700)


def test_a_payment_made_twice_is_explained_once_its_surplus_is_given_back(guichet, portal):
    started(portal)
    for transaction in ("83", "84"):
        assert say(signing_bank().notice(REFERENCE, transaction=transaction)).status == 200
    assert "payé deux fois" in guichet("paiements", "lister").out
    asked = ("reglements", "rendre", "169165", "--moyen", "virement", "--reference")
    assert guichet(*asked, "V-1", "--montant", "7,00").code == 0
    assert "payé deux fois" in guichet("paiements", "lister").out, "fifty euros are still to be given back"
    assert guichet(*asked, "V-2", "--montant", "50,00").code == 0
    assert "Aucun paiement à expliquer." in guichet("paiements", "lister").out
    assert guichet("comptabilite", "verifier").code == 0


def test_a_return_whose_explanation_was_lost_is_explained_when_it_is_typed_again(guichet, portal, monkeypatch):
    started(portal)
    for transaction in ("83", "84"):
        assert say(signing_bank().notice(REFERENCE, transaction=transaction)).status == 200
    asked = ("reglements", "rendre", "169165", "--moyen", "virement", "--reference", "V-1", "--montant", "57")
    with monkeypatch.context() as lost:
        lost.setattr("chalicelib.services.payments.return_surplus.clear_surplus_alarms", lambda *_, **__: None)
        assert guichet(*asked).code == 0
    assert "payé deux fois" in guichet("paiements", "lister").out
    assert "déjà enregistré" in guichet(*asked).out
    assert "Aucun paiement à expliquer." in guichet("paiements", "lister").out


def test_a_dry_run_of_a_return_writes_nothing(give_back, portal):
    assert "serait accepté" in give_back(*GIVEN_BACK, "--essai").out
    assert held(portal) == (5700, 1300)


def test_an_unknown_invoice_has_nothing_to_give_back(guichet, portal):
    ran = guichet("reglements", "rendre", "999999", *GIVEN_BACK)
    assert (ran.code, "Aucune facture n’a le numéro 999999." in ran.err) == (1, True)
