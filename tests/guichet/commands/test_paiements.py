"""`guichet paiements`: what the régie looks at, reconciles with the bank, gives back, and explains."""

from datetime import date

import pytest

from chalicelib.domain.payment import AttemptState
from tests.support.letterbox import mails
from tests.support.payments.bank import signing_bank
from tests.support.payments.card_payments import REFERENCE, paid, plain, started
from tests.support.payments.paying import say
from tests.support.payments.payment_events import several
from tests.support.people import add_invoices

HEADER = "Reference;Amount;TransactionId;IdAppel;NumberOfAuthorization;Date;Type;Status;ErrorCode;Currency\r\n"


@pytest.fixture
def export(tmp_path):
    """Writes an export of the bank with these lines."""

    def write(*lines):
        path = tmp_path / "journal.csv"
        path.write_text(HEADER + "\r\n".join(lines) + "\r\n", "cp1252")
        return path

    return write


def test_a_payment_and_its_invoice_are_shown(guichet, portal):
    paid(portal)
    for name in (REFERENCE, "169165"):
        ran = guichet("paiements", "voir", name)
        assert ran.code == 0
        assert "57,00 € facturés, 57,00 € réglés, 0,00 € à payer" in ran.out
        assert "payé ; courriel envoyé" in ran.out
        assert "Reçu n° 1, pour dupont@example.org" in ran.out
        assert "10/06/2026 Paiement par carte 57,00 €" in plain(ran.out)
    assert guichet("paiements", "voir", "999999").code == 1


@pytest.mark.parametrize("typed", [REFERENCE.lower(), REFERENCE.replace("-", ""), REFERENCE.replace("-", " ")])
def test_a_reference_is_recognised_however_it_is_typed(guichet, portal, export, typed):
    paid(portal)
    assert "payé ; courriel envoyé" in guichet("paiements", "voir", typed).out
    assert f"Paiement {REFERENCE}" in guichet("paiements", "classer", typed, "--motif", "vu").out
    refunded = guichet("paiements", "rembourser", typed, "--montant", "17,00", "--operation", "900")
    assert (refunded.code, "Remboursement de 17,00 € enregistré" in refunded.out) == (0, True)
    ran = guichet("paiements", "rapprocher", export(f"{typed};5700;83;783;A1;10/06/2026;DEB;Capturé;;978"))
    assert (ran.code, "Déjà connus 1 57,00 €" in plain(ran.out)) == (0, True)


def test_what_the_regie_must_look_at_is_listed_until_it_is_explained(guichet, portal):
    assert "Aucun paiement à expliquer." in guichet("paiements", "lister").out
    started(portal)
    assert say(signing_bank().notice(REFERENCE, cents=5600)).status == 200
    assert "la banque annonce un autre montant" in guichet("paiements", "lister").out
    assert guichet("paiements", "classer", REFERENCE, "--motif", "erreur de la banque").code == 0
    assert "Aucun paiement à expliquer." in guichet("paiements", "lister").out
    (entry,) = portal.stores.journal.latest("dupont", now=portal.clock())
    assert (entry.event, entry.detail) == ("payment_explained", "169165 erreur de la banque")


def test_incomplete_acceptance_is_shown_to_the_regie_and_settled_by_the_export(guichet, portal, export):
    started(portal)
    assert say(signing_bank().notice(REFERENCE, Auto="")).status == 200
    listed = guichet("paiements", "lister").out
    assert "à vérifier ; avis incomplet, sans transaction ou sans autorisation" in listed
    assert "Numéros de la banque : transaction 83, appel 783, autorisation (manque)" in listed
    ran = guichet("paiements", "rapprocher", export(f"{REFERENCE};5700;83;783;;10/06/2026;DEB;Capturé;;978"))
    assert (ran.code, "enregistré maintenant, facture n° 169165" in ran.out) == (0, True)
    assert "Aucun paiement à expliquer." in guichet("paiements", "lister").out


def test_payments_under_way_and_surpluses_are_listed_apart(guichet, portal):
    started(portal)
    assert "commencé" in guichet("paiements", "lister", "--en-cours").out
    for transaction in ("83", "84"):
        assert say(signing_bank().notice(REFERENCE, transaction=transaction)).status == 200
    assert "trop-perçu de 57,00 €" in guichet("paiements", "lister", "--trop-percus").out
    assert "payé deux fois" in guichet("paiements", "lister").out


def test_export_settles_what_a_lost_notice_left_open_and_mails_the_receipt(guichet, portal, export):
    started(portal)
    file = export(
        f"{REFERENCE};5700;83;783;A1;10/06/2026;DEB;Capturé;;978",
        "AUTRE;1200;84;784;A2;10/06/2026;DEB;Capturé;;978",
        "X;1;9;9;;;CRE;Capturé;;978",
    )
    ran = guichet("paiements", "rapprocher", file, "--essai")
    assert (ran.code, portal.stores.invoices.find("dupont", "169165").paid_cents) == (3, 0)
    ran = guichet("paiements", "rapprocher", file)
    assert ran.code == 3
    assert f"journal.csv, ligne 2 : {REFERENCE}, 57,00 €, enregistré maintenant, facture n° 169165" in ran.out
    assert "journal.csv, ligne 3 : AUTRE, 12,00 €, inconnu du portail" in ran.out
    assert "journal.csv, ligne 4 : X, CRE Capturé 978, autre opération, laissée" in ran.out
    assert "Autres opérations, laissées 1" in plain(ran.out)
    portal.tasks.run()
    assert [mail.subject for mail in mails()] == ["Reçu de votre paiement de 57,00\u00a0€"]


def test_export_is_read_from_a_pipe_as_from_a_file(guichet, portal, export, pipe):
    started(portal)
    file = export(f"{REFERENCE};5700;83;783;A1;10/06/2026;DEB;Capturé;;978")
    ran = guichet("paiements", "rapprocher", pipe(file))
    assert (ran.code, "Enregistrés maintenant 1 57,00 €" in plain(ran.out)) == (0, True)
    assert portal.stores.invoices.find("dupont", "169165").paid_cents == 5700


def test_refused_line_of_the_export_pays_nothing(guichet, portal, export):
    started(portal)
    ran = guichet("paiements", "rapprocher", export(f"{REFERENCE};5700;83;783;;10/06/2026;DEB;Refusé;00105;978"))
    assert (ran.code, f"ligne 2 : {REFERENCE}, DEB Refusé 00105 978, autre opération, laissée" in ran.out) == (0, True)
    assert portal.stores.invoices.find("dupont", "169165").paid_cents == 0


def test_export_that_says_what_is_known_changes_nothing(guichet, portal, export):
    paid(portal)
    ran = guichet("paiements", "rapprocher", export(f"{REFERENCE};5700;83;783;A1;10/06/2026;DEB;Capturé;;978"))
    assert (ran.code, "Déjà connus 1 57,00 €" in plain(ran.out)) == (0, True)


def test_what_differs_or_is_absent_from_the_export_is_listed(guichet, portal, export):
    paid(portal)
    other = started(portal, "BBBBBB-CCCCCC")
    ran = guichet(
        "paiements",
        "rapprocher",
        export(f"{other};5600;85;785;A1;10/06/2026;DEB;Capturé;;978", "A;5,00;1;1;;x;DEB;Capturé;;978"),
    )
    assert ran.code == 3
    assert "BBBBBB-CCCCCC, 56,00 €, montant différent de celui du portail (57,00 €)" in ran.out
    assert f"Absent du fichier : {REFERENCE}, facture n° 169165, 57,00 €" in ran.out
    assert "ligne 3, colonne amount" in ran.err


def test_number_that_a_spreadsheet_rewrote_books_nothing_and_is_told(guichet, portal, export):
    paid(portal)
    ran = guichet("paiements", "rapprocher", export(f"{REFERENCE};5700;8,1E+08;7,1E+08;;10/06/2026;DEB;Capturé;0;978"))
    assert ran.code == 3
    assert "journal.csv, ligne 2, colonne transactionid : numéro illisible" in ran.err
    assert "journal.csv, ligne 2, colonne idappel : numéro illisible" in ran.err
    assert "Illisibles 1" in plain(ran.out)
    assert len(portal.stores.ledger.of("169165")) == 1
    written = export(f"{REFERENCE};5 700;083,00;0783;;10/06/2026;DEB;Capturé;0;978")
    ran = guichet("paiements", "rapprocher", written)
    assert (ran.code, "Déjà connus 1 57,00 €" in plain(ran.out)) == (0, True)


def test_operation_of_two_payments_is_told_and_neither_is_booked(guichet, portal, export):
    other = started(portal, "BBBBBB-CCCCCC")
    started(portal)
    file = export(
        f"{REFERENCE};5700;83;783;;10/06/2026;DEB;Capturé;;978", f"{other};5700;083;785;;10/06/2026;DEB;Capturé;;978"
    )
    ran = guichet("paiements", "rapprocher", file)
    assert ran.code == 3
    assert (
        f"journal.csv, ligne 2 : {REFERENCE}, 57,00 € : l’opération 83 de la banque est aussi celle de BBBBBB-CCCCCC "
        "(ligne 3), et une opération ne paie qu’une fois : la ligne est laissée."
    ) in ran.err
    assert "Laissés, même opération 2 114,00 €" in plain(ran.out)
    assert portal.stores.invoices.find("dupont", "169165").paid_cents == 0


def test_operation_that_the_ledger_has_for_another_payment_is_told_and_left(guichet, portal, export):
    paid(portal)
    other = started(portal, "BBBBBB-CCCCCC")
    lines = [f"{one};5700;83;783;;10/06/2026;DEB;Capturé;;978" for one in (REFERENCE, other)]
    ran = guichet("paiements", "rapprocher", export(*lines))
    assert ran.code == 3
    assert (
        "(ligne 3), et une opération ne paie qu’une fois : ce paiement reste tel qu’il est déjà enregistré" in ran.err
    )
    assert "(ligne 2), et une opération ne paie qu’une fois : la ligne est laissée" in ran.err
    assert "Laissés, même opération 1 57,00 €" in plain(ran.out)
    assert portal.stores.payments.find(other).state is AttemptState.STARTED


def test_file_without_the_columns_is_refused(guichet, tmp_path):
    file = tmp_path / "journal.csv"
    file.write_text("a;b\n1;2\n")
    ran = guichet("paiements", "rapprocher", file)
    assert (ran.code, "ce n’est pas un export de la banque" in ran.err) == (1, True)


def test_export_of_a_day_without_a_movement_says_that_there_was_none(guichet, portal, export):
    ran = guichet("paiements", "rapprocher", export())
    assert (ran.code, "Enregistrés maintenant 0 0,00 €" in plain(ran.out)) == (0, True)
    last = portal.stores.reconciliations.last()
    assert (last.reconciled_at, last.covered_until) == (portal.clock(), None)


def test_export_of_which_nothing_could_be_read_is_no_reconciliation(guichet, portal, export):
    line = f"{REFERENCE};5700;8,1E+08;783;A1;10/06/2026;DEB;Capturé;;978"
    assert guichet("paiements", "rapprocher", export(line)).code == 3
    assert portal.stores.reconciliations.last() is None
    good = "AUTRE;5700;84;784;A1;09/06/2026;DEB;Capturé;;978"
    assert guichet("paiements", "rapprocher", export(line, good)).code == 3
    assert portal.stores.reconciliations.last().covered_until == date(2026, 6, 9)


def test_columns_file_that_is_wrong_is_a_misuse(guichet, tmp_path, export):
    columns = tmp_path / "colonnes.toml"
    columns.write_text("rien = 1\n")
    assert guichet("paiements", "rapprocher", export(), "--colonnes", columns).code == 2


def test_refund_is_recorded_once_and_never_above_the_payment(guichet, portal):
    paid(portal)
    asked = ("paiements", "rembourser", REFERENCE, "--operation", "900", "--montant")
    tried = guichet(*asked, "17,00", "--essai")
    assert (tried.code, "17,00 € redeviendraient à payer sur cette facture" in tried.err) == (0, True)
    assert portal.stores.invoices.find("dupont", "169165").paid_cents == 5700
    done = guichet(*asked, "17,00")
    assert "Remboursement de 17,00 € enregistré" in done.out
    assert "17,00 € redeviennent à payer sur cette facture" in done.err
    assert "déjà enregistré" in guichet(*asked, "17,00").out
    ran = guichet(*asked, "18,00")
    assert (ran.code, "Montant enregistré : 17,00 €" in ran.err) == (1, True)
    ran = guichet("paiements", "rembourser", REFERENCE, "--operation", "901", "--montant", "40,01")
    assert (ran.code, "Au plus : 40,00 €" in ran.err) == (1, True)
    held = portal.stores.invoices.find("dupont", "169165")
    assert (held.paid_cents, held.balance_cents) == (4000, 1700)


@pytest.mark.parametrize("amount", ["0", "-5", "5,005", "cinq"])
def test_refund_of_no_amount_is_a_misuse(guichet, portal, amount):
    assert guichet("paiements", "rembourser", REFERENCE, "--operation", "900", "--montant", amount).code == 2


def test_refund_without_the_number_of_its_operation_is_refused(guichet, portal):
    paid(portal)
    ran = guichet("paiements", "rembourser", REFERENCE, "--operation", " ", "--montant", "1")
    assert (ran.code, portal.stores.invoices.find("dupont", "169165").paid_cents) == (1, 5700)
    assert "Le numéro de l’opération chez la banque est obligatoire" in ran.err


def test_only_a_payment_of_ours_can_be_given_back(guichet, portal):
    started(portal)
    ran = guichet("paiements", "rembourser", REFERENCE, "--operation", "900", "--montant", "1")
    assert (ran.code, "Aucun paiement abouti" in ran.err) == (1, True)
    assert guichet("paiements", "classer", "AUTRE", "--motif", "x").code == 1


@pytest.fixture
def paying_two(portal):
    """A payment of 169165 (57,00 €) and 169167 (58,00 €) that goes to the bank. Returns its reference."""
    invoices, attempt = several(2, REFERENCE)
    add_invoices(portal, invoices[1])
    assert portal.stores.payments.add(attempt)
    return REFERENCE


def paid_two(portal, reference):
    assert say(signing_bank().notice(reference, cents=11500)).status == 200
    portal.tasks.run()


def test_a_payment_of_two_invoices_is_shown_from_each_with_the_movements_of_both(guichet, portal, paying_two):
    paid_two(portal, paying_two)
    ran = guichet("paiements", "voir", paying_two)
    said = plain(ran.out)
    for sentence in (
        "Facture n° 169165, compte dupont : 57,00 € facturés, 57,00 € réglés",
        "Facture n° 169167, compte dupont : 58,00 € facturés, 58,00 € réglés",
        "115,00 €, factures n° 169165 (57,00 €) et n° 169167 (58,00 €) : payé",
        "Mouvements de la facture n° 169165 :",
        "Mouvements de la facture n° 169167 :",
    ):
        assert sentence in said
    for number in ("169165", "169167"):
        assert f"Paiement {REFERENCE}" in plain(guichet("paiements", "voir", number).out)


def test_a_payment_of_two_invoices_is_listed_once(guichet, paying_two):
    assert "1 paiement(s)." in plain(guichet("paiements", "lister", "--en-cours").out)


def test_refund_of_a_payment_of_two_names_its_invoice(guichet, portal, paying_two):
    paid_two(portal, paying_two)
    asked = ("paiements", "rembourser", paying_two, "--montant", "58,00", "--operation", "900")
    ran = guichet(*asked)
    assert (ran.code, "factures n° 169165 et 169167 : dites laquelle, avec --facture." in plain(ran.err)) == (1, True)
    ran = guichet(*asked, "--facture", "150001")
    assert (ran.code, "il a réglé n° 169165 et 169167" in plain(ran.err)) == (1, True)
    ran = guichet(*asked, "--facture", "169167")
    assert (ran.code, "enregistré sur la facture n° 169167" in plain(ran.out)) == (0, True)
    assert portal.stores.invoices.find("dupont", "169165").paid_cents == 5700
    assert portal.stores.invoices.find("dupont", "169167").paid_cents == 0
    assert "ce remboursement est déjà enregistré" in plain(guichet(*asked, "--facture", "169167").out).lower()


def test_lost_notice_of_a_payment_of_two_is_settled_by_the_export(guichet, portal, export, paying_two):
    line = f"{paying_two};11500;83;783;A1;10/06/2026;DEB;Capturé;;978"
    ran = guichet("paiements", "rapprocher", export(line))
    said = "enregistré maintenant, factures n° 169165 (57,00 €) et n° 169167 (58,00 €)"
    assert (ran.code, said in plain(ran.out)) == (0, True)
    assert guichet("comptabilite", "verifier").code == 0
    portal.tasks.run()
    assert [mail.subject for mail in mails()] == ["Reçu de votre paiement de 115,00\u00a0€"]
    ran = guichet("paiements", "classer", paying_two, "--motif", "vu")
    noted = [entry.detail for entry in portal.stores.journal.latest("dupont", now=portal.clock())]
    assert (ran.code, "169165, 169167 vu" in noted) == (0, True)
