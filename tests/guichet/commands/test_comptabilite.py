"""Money going out to the accounts: *encaissements*, *impayées*, *annuler* and *comptabilité*."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.invoice import InvoiceState
from tests.support.payments.bank import signing_bank
from tests.support.payments.card_payments import REFERENCE, paid, plain
from tests.support.payments.paying import say
from tests.support.payments.payment_events import several
from tests.support.people import add_invoices, invoice

JUNE = ("--du", "01/06/2026", "--au", "30/06/2026")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def takings(guichet, portal, tmp_path):
    """A payment by card of 57,00 €, and a cheque whose reference looks like a formula."""
    paid(portal)
    add_invoices(portal, invoice("169170", billed_cents=1000))
    file = tmp_path / "reglements.csv"
    file.write_text("date;numero;montant;moyen;reference\n09/06/2026;169170;12,00;chèque;=1+1\n", "utf-8")
    assert guichet("reglements", "importer", file).code == 0


def test_takings_are_exported_by_day_with_totals(guichet, takings):
    ran = guichet("encaissements", "exporter", *JUNE)
    assert ran.code == 0
    rows = [(row["jour"], row["moyen"], row["nombre"], row["net"], row["dont_trop_percu"]) for row in rows_of(ran.out)]
    assert rows == [
        ("09/06/2026", "chèque", "1", "12,00", "2,00"),
        ("09/06/2026", "TOTAL DU JOUR", "1", "12,00", "2,00"),
        ("10/06/2026", "carte bancaire", "1", "57,00", "0,00"),
        ("10/06/2026", "TOTAL DU JOUR", "1", "57,00", "0,00"),
        ("TOTAL", "", "2", "69,00", "2,00"),
    ]
    assert "2 mouvements, 69,00 €" in ran.err


def test_movements_are_exported_to_a_file_that_no_spreadsheet_runs(guichet, takings, tmp_path):
    file = tmp_path / "juin.csv"
    assert guichet("encaissements", "exporter", *JUNE, "--detail", file).code == 0
    cheque, card = rows_of(file.read_bytes().decode("utf-8-sig"))
    assert (cheque["reference"], cheque["montant"], cheque["sur_la_facture"]) == ("'=1+1", "12,00", "10,00")
    assert (card["reference"], card["transaction"], card["nature"]) == (REFERENCE, "83", "Paiement par carte")
    assert guichet("encaissements", "exporter", *JUNE, file).code == 1, "an export is never overwritten"


def test_movements_written_after_the_period_are_told(guichet, takings):
    ran = guichet("encaissements", "exporter", "--du", "01/06/2026", "--au", "09/06/2026")
    assert "1 de ces mouvements ont été enregistrés après la fin de la période" in ran.err
    assert guichet("encaissements", "exporter", "--du", "02/06/2026", "--au", "01/06/2026").code == 2


def test_unpaid_invoices_are_listed_as_they_stood_on_a_day(guichet, portal):
    add_invoices(portal, invoice("160000", label="@cantine", due_on=invoice().issued_on))
    ran = guichet("factures", "impayees", "--au", "10/06/2026")
    (row,) = rows_of(ran.out)
    assert (row["numero"], row["libelle"], row["titulaire"]) == ("160000", "'@cantine", "Mme Éloïse Dupont")
    assert (row["reste_a_payer"], row["jours_de_retard"]) == ("57,00", "9")
    assert "1 facture impayée, 57,00 €" in ran.err
    assert len(rows_of(guichet("factures", "impayees", "--au", "10/06/2026", "--toutes").out)) == 3
    assert rows_of(guichet("factures", "impayees", "--au", "31/05/2026").out) == []


def test_cancelled_invoice_stays_and_says_what_replaces_it(guichet, portal, dupont):
    paid(portal)
    add_invoices(portal, invoice("169300"))
    asked = ("factures", "annuler", "169165", "--motif", "erreur de quantité", "--remplacee-par", "169300")
    assert guichet(*asked, "--essai").code == 0
    assert portal.stores.invoices.find("dupont", "169165").state is InvoiceState.ISSUED
    assert "Trop-perçu à rendre : 57,00 €" in guichet(*asked).out
    page = dupont.get("/factures/169165")
    assert page.says("Cette facture est annulée : erreur de quantité.")
    assert "/factures/169300" in page.outline.links
    assert dupont.get("/factures/historique").says("annulée")
    assert dupont.get("/factures/169165/paiement").status == 409
    assert "déjà annulée" in guichet(*asked).err
    assert guichet("factures", "annuler", "999999", "--motif", "x").code == 1


def test_sound_accounts_end_well(guichet, takings):
    ran = guichet("comptabilite", "verifier")
    assert (ran.code, "Tout concorde." in ran.out) == (0, True)
    assert (
        "Factures · montant réglé 4 124,00 € Factures · trop-perçu, en plus 2,00 € "
        "Factures · déjà réglé à l’import 57,00 € Mouvements · somme 2 69,00 €"
    ) in plain(ran.out)


def test_age_of_the_last_reconciliation_is_said_and_a_late_one_warned_of(guichet, portal, clock, tmp_path):
    assert "Dernier rapprochement avec la banque : jamais" in guichet("comptabilite", "verifier").out
    paid(portal)
    clock.advance(days=9)
    assert "Attention" not in guichet("comptabilite", "verifier").err
    clock.advance(days=1)
    ran = guichet("comptabilite", "verifier")
    assert (ran.code, "Tout concorde." in ran.out) == (0, True), "a warning is no difference"
    assert (
        "Attention : depuis le 10/06/2026, aucun journal de la banque ne confirme les paiements par carte." in ran.err
    )
    journal = tmp_path / "journal.csv"
    header = "Reference;Amount;TransactionId;IdAppel;NumberOfAuthorization;Date;Type;Status;ErrorCode;Currency"
    journal.write_text(f"{header}\n{REFERENCE};5700;83;783;A1;10/06/2026;DEB;Capturé;;978\n", "utf-8")
    assert guichet("paiements", "rapprocher", journal, "--essai").code == 0
    assert "jamais" in guichet("comptabilite", "verifier").out, "nothing was written"
    assert guichet("paiements", "rapprocher", journal).code == 0
    ages = {0: "aujourd’hui (le 20/06/2026)", 1: "hier (le 20/06/2026)", 3: "il y a 3 jours (le 20/06/2026)"}
    for days, age in ages.items():
        clock.now = datetime(2026, 6, 20 + days, 9, 0, tzinfo=UTC)
        ran = guichet("comptabilite", "verifier")
        assert f"Dernier rapprochement avec la banque : {age}, journal lu jusqu’au 10/06/2026" in ran.out
        assert ran.err == ""


def test_difference_ends_badly_and_is_named(guichet, portal):
    add_invoices(portal, invoice("150009", paid_cents=100))
    ran = guichet("comptabilite", "verifier")
    assert ran.code == 1
    assert "Facture n° 150009 : 1,00 € réglés et 0,00 € de trop-perçu sur la facture, 0,00 € et 0,00 €" in ran.err
    assert "Des différences sont à expliquer." in plain(ran.out)


def test_payment_of_two_invoices_is_two_movements_of_one_operation_in_every_account(guichet, portal, tmp_path):
    invoices, paying = several(2, REFERENCE)
    add_invoices(portal, invoices[1])
    assert portal.stores.payments.add(paying)
    assert say(signing_bank().notice(REFERENCE, cents=11500)).status == 200
    portal.tasks.run()
    file = tmp_path / "juin.csv"
    assert guichet("encaissements", "exporter", *JUNE, "--detail", file).code == 0
    lines = rows_of(file.read_bytes().decode("utf-8-sig"))
    assert [(line["numero"], line["montant"], line["reference"], line["transaction"]) for line in lines] == [
        ("169165", "57,00", REFERENCE, "83"),
        ("169167", "58,00", REFERENCE, "83"),
    ]
    assert "2 mouvements, 115,00 €" in guichet("encaissements", "exporter", *JUNE).err
    assert guichet("caisse", "arreter", "--jour", "10/06/2026").code == 0
    assert portal.stores.closings.find(date(2026, 6, 10)).totals.net_cents == 11500
    assert guichet("comptabilite", "verifier").code == 0
