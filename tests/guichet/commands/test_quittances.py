"""The counter: *reglements saisir* and its quittance, then *quittances imprimer*."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from chalicelib.errors import Unavailable
from chalicelib.services.payments.quittances import quittance_key
from chalicelib.services.payments.undo_movement import movement_id
from tests.support.payments.card_payments import REFERENCE, paid, plain

CHEQUE = ("--montant", "20,00", "--moyen", "chèque", "--reference", "0012345", "--recu-le", "09/06/2026")


@pytest.fixture
def type_in(guichet):
    return lambda *options, number="169165": guichet("reglements", "saisir", number, *(options or CHEQUE))


def entries(portal):
    return portal.stores.ledger.of("169165")


def printed(path):
    pages = PdfReader(BytesIO(path.read_bytes())).pages
    return plain(" ".join(page.extract_text() for page in pages).replace("\u00a0", " "))


def test_settlement_is_booked_once_with_a_quittance(type_in, guichet, portal, tmp_path):
    ran = type_in(*CHEQUE, "--emetteur", "M. Roussel", "--pdf", tmp_path / "q.pdf")
    (entry,) = entries(portal)
    assert ran.code == 0, ran.err
    assert f"Règlement de 20,00 € enregistré, reçu le 09/06/2026, mouvement {movement_id(entry)}." in ran.out
    assert "Quittance n° 1." in ran.out
    assert "37,00 € à payer" in ran.out
    assert (entry.payer, entry.means, entry.quittance) == ("M. Roussel", "cheque", 1)
    assert (tmp_path / "q.pdf").read_bytes() == portal.stores.documents.read(quittance_key(1))
    assert "a reçu de M. Roussel la somme de 20,00 € par chèque" in printed(tmp_path / "q.pdf")
    assert portal.stores.journal.latest("dupont", now=portal.clock())[0].event == "settlement_received"
    assert "quittance n° 1" in guichet("paiements", "voir", "169165").out
    again = type_in(*CHEQUE, "--pdf", tmp_path / "again.pdf")
    assert (again.code, len(entries(portal)), portal.stores.quittances.last()) == (0, 1, 1)
    assert "déjà connu : mouvement" in again.err
    assert "Quittance n° 1, déjà donnée." in again.out
    assert "DUPLICATA" in printed(tmp_path / "again.pdf"), "the original is handed once"
    assert guichet("comptabilite", "verifier").code == 0


def test_today_and_the_holder_are_what_is_not_typed(type_in, portal):
    assert type_in("--montant", "20", "--moyen", "espèces").code == 0
    (entry,) = entries(portal)
    assert (entry.counted_on.isoformat(), entry.payer, entry.means) == ("2026-06-10", "Mme Éloïse Dupont", "especes")


def test_what_resembles_another_is_held_back_and_told(type_in, portal):
    type_in()
    ran = type_in(*CHEQUE[:5], "0012346", *CHEQUE[6:])
    assert (ran.code, len(entries(portal))) == (3, 1)
    assert f"retenu : ressemble au mouvement {movement_id(entries(portal)[0])} du 09/06/2026" in ran.err
    assert "Ce règlement est retenu : --quand-meme l’enregistre." in ran.err
    ran = type_in(*CHEQUE[:5], "0012346", *CHEQUE[6:], "--quand-meme")
    assert (ran.code, len(entries(portal)), "Quittance n° 2." in ran.out) == (0, 2, True)


def test_card_payment_of_the_portal_is_known(type_in, portal):
    paid(portal)
    ran = type_in("--montant", "57", "--moyen", "carte", "--reference", REFERENCE)
    assert (ran.code, len(entries(portal)), portal.stores.quittances.last()) == (0, 1, 0)
    assert "déjà connu : paiement par carte du portail" in ran.err
    assert "aucune quittance n’est donnée" in ran.out


def test_dry_run_writes_nothing(type_in, portal, tmp_path):
    ran = type_in("--montant", "60", "--moyen", "cheque", "--essai", "--pdf", tmp_path / "q.pdf")
    assert (ran.code, "trop-perçu de 3,00 €" in ran.err, "rien n’a été écrit" in ran.out) == (0, True, True)
    assert (entries(portal), (tmp_path / "q.pdf").exists()) == ([], False)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--montant", "20", "--moyen", "troc"), 2, "--moyen : l’un de ces moyens est attendu : cheque, especes"),
        (("--montant", "20", "--moyen", "avoir"), 2, "--moyen : l’un de ces moyens"),
        (("--montant", "-20", "--moyen", "cheque"), 2, "au-dessus de zéro"),
        (("--montant", "20", "--moyen", "cheque", "--recu-le", "hier"), 2, "--recu-le : "),
        (("--montant", "20", "--moyen", "cheque", "--recu-le", "11/06/2026"), 1, "cette date est dans l’avenir"),
        (("--montant", "20", "--moyen", "cheque", "--emetteur", "x" * 201), 2, "--emetteur : "),
    ],
)
def test_what_is_wrong_is_said_and_books_nothing(type_in, portal, tmp_path, options, code, said):
    ran = type_in(*options, "--pdf", tmp_path / "q.pdf")
    assert (ran.code, said in plain(ran.err)) == (code, True), ran.err
    assert (entries(portal), (tmp_path / "q.pdf").exists()) == ([], False)


def test_unknown_invoice_is_refused(type_in):
    ran = type_in(number="999999")
    assert (ran.code, "Facture n° 999999 : aucune facture n’a ce numéro." in ran.err) == (1, True)
    assert type_in(number=" ").code == 2


def test_file_that_is_there_is_never_replaced_and_nothing_is_booked(type_in, portal, tmp_path):
    (tmp_path / "q.pdf").write_bytes(b"mine")
    ran = type_in(*CHEQUE, "--pdf", tmp_path / "q.pdf")
    assert (ran.code, entries(portal), (tmp_path / "q.pdf").read_bytes()) == (1, [], b"mine")


@pytest.mark.parametrize("lost", ["number_quittance", "keep"])
def test_typed_again_after_a_crash_it_gets_the_quittance_it_lacks(type_in, portal, monkeypatch, tmp_path, lost):
    def crash(*_, **__):
        raise Unavailable("crash")

    with monkeypatch.context() as crashing:
        if lost == "keep":
            crashing.setattr("guichet.files.quittance_file.keep_quittance", crash)
        else:
            crashing.setattr("chalicelib.services.payments.settle_at_counter.number_quittance", crash)
        ran = type_in()
        assert (ran.code, "Relancez la même commande" in ran.err) == (1, True)
    ran = type_in(*CHEQUE, "--pdf", tmp_path / "q.pdf")
    assert (ran.code, "Quittance n° 1." in ran.out, len(entries(portal))) == (0, True, 1)
    assert "DUPLICATA" not in printed(tmp_path / "q.pdf")


def test_duplicate_is_marked_and_the_original_stays(type_in, guichet, portal, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    type_in()
    original = portal.stores.documents.read(quittance_key(1))
    ran = guichet("quittances", "imprimer", "1")
    assert (ran.code, "Duplicata de la quittance n° 1 : quittance-1-duplicata.pdf." in ran.out) == (0, True)
    said = printed(tmp_path / "quittance-1-duplicata.pdf")
    assert "DUPLICATA" in said
    assert "ANNULÉE" not in said
    undone = ("reglements", "annuler", "169165", "--mouvement", movement_id(entries(portal)[0]), "--motif", "impaye")
    assert guichet(*undone).code == 0
    ran = guichet("quittances", "imprimer", "1", tmp_path / "undone.pdf")
    assert (ran.code, "le règlement a été annulé depuis" in ran.out) == (0, True)
    assert "DUPLICATA – ANNULÉE" in printed(tmp_path / "undone.pdf")
    assert portal.stores.documents.read(quittance_key(1)) == original
    assert guichet("quittances", "imprimer", "1", tmp_path / "undone.pdf").code == 1, "a file is never replaced"


@pytest.mark.parametrize(("number", "code"), [("2", 1), ("0", 2), ("douze", 2), ("1.5", 2)])
def test_number_that_was_not_given_is_refused(type_in, guichet, number, code):
    type_in()
    assert guichet("quittances", "imprimer", number).code == code


def test_gap_in_the_series_ends_the_audit_badly(type_in, guichet, portal):
    type_in()
    table = portal.settings.table("quittances")
    portal.clients.dynamodb.delete_item(TableName=table, Key={"number": {"S": "1"}})
    ran = guichet("comptabilite", "verifier")
    assert (ran.code, "Quittance n° 1 : absente de la suite" in ran.err) == (1, True)
