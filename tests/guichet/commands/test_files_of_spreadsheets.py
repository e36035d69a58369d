"""Workbooks given to the commands that take a file: the same work as from a CSV, faults named by their cells."""

from datetime import date

import pytest

from chalicelib.wording.workbooks import OLD_WORKBOOK, zeros_given
from tests.support.files import ACCOUNT, ACCOUNT_COLUMNS, INVOICE, INVOICE_COLUMNS
from tests.support.payments.card_payments import REFERENCE, paid, plain
from tests.support.proofs import PDF
from tests.support.workbooks import ods, xlsx

CHILDREN = ("famille", "nom", "prenom", "date_naissance", "ecole", "classe", "activites")
BANK = ("Reference", "Amount", "TransactionId", "IdAppel", "NumberOfAuthorization", "Date", "Type", "Status")
TYPED = INVOICE | {
    "numero": 2, "identifiant": "dupont", "date_emission": date(2011, 6, 1), "date_echeance": date(2011, 6, 24),
    "montant_total": 57, "montant_regle": 20, "quantite": 20, "prix_unitaire": 2.85, "montant": 57,
}  # fmt: skip


@pytest.fixture(params=[xlsx, ods], ids=["xlsx", "ods"])
def write(request, tmp_path):
    """Writes a workbook of these rows, under the name of a CSV: a file is known by its content."""

    def write(name, *rows):
        (tmp_path / name).write_bytes(request.param(rows))
        return tmp_path / name

    return write


def test_accounts_and_children(guichet, write, portal):
    typed = ACCOUNT | {"code_postal": 6990, "telephone_mobile": 600000001}
    accounts = write("comptes.xlsx", ACCOUNT_COLUMNS, [typed[name] for name in ACCOUNT_COLUMNS])
    children = write("enfants.csv", CHILDREN, [7001, "Lefèvre", "Zoé", date(2018, 3, 1), "", "CP", ""])
    ran = guichet("familles", "importer", accounts, children)
    told = f"comptes.xlsx, ligne 2, colonne code_postal : {zeros_given([2])}".replace("\u00a0", " ")
    assert (ran.code, ran.err.rstrip()) == (0, told)
    account = portal.stores.accounts.find("100001")
    assert (account.address.postcode, account.mobile) == ("06990", "0600000001")
    assert portal.stores.families.find("7001").children[0].last_name == "Lefèvre"


def test_postcodes_that_got_their_zero_back_are_told_once_unless_their_country_is_said(guichet, write):
    rows = [ACCOUNT | {"identifiant": f"10{at}", "code_postal": 6990} for at in range(10, 18)]
    said = ACCOUNT | {"identifiant": "1020", "code_postal": 6990, "pays": "France"}
    columns = (*ACCOUNT_COLUMNS, "pays")
    accounts = write("comptes.xlsx", columns, *([row.get(name) for name in columns] for row in (*rows, said)))
    ran = guichet("familles", "importer", accounts, write("enfants.csv", CHILDREN), "--essai")
    assert ran.err.count("zéro de tête") == 1
    assert "8 codes postaux" in ran.err
    assert "(lignes 2, 3, 4, 5, 6…)" in ran.err


def test_a_takeover_of_invoices(guichet, write, portal, tmp_path):
    (tmp_path / "2.pdf").write_bytes(PDF)
    file = write("factures.ods", INVOICE_COLUMNS, [TYPED[name] for name in INVOICE_COLUMNS])
    ran = guichet("factures", "importer", file, "--reprise", "--pdf", tmp_path)
    assert (ran.code, ran.err) == (0, "")
    invoice = portal.stores.invoices.find("dupont", "2")
    assert (invoice.paid_cents, portal.stores.documents.read(invoice.document.key)) == (2000, PDF)


def test_a_campaign_whose_fault_is_named_by_its_cell_in_the_report_too(guichet, write, portal):
    wrong = TYPED | {"numero": 3, "prix_unitaire": 2.86}
    file = write("factures.xlsx", INVOICE_COLUMNS, *([row[name] for name in INVOICE_COLUMNS] for row in (TYPED, wrong)))
    ran = guichet("campagnes", "deposer", file)
    assert ran.code == 3
    told = "factures.xlsx, ligne 3, colonne montant (M3) : quantité × prix unitaire donne 57,20 €"
    assert told in ran.err
    (run,) = portal.stores.runs.every()
    assert told in guichet("campagnes", "voir", run.run).err


def test_settlements(guichet, write, portal):
    file = write("reglements.xlsx", ("date", "numero", "montant", "moyen", "reference"), [
        date(2026, 6, 9), 169165, 20, "chèque", 12345,
    ])  # fmt: skip
    assert guichet("reglements", "importer", file).code == 0
    assert portal.stores.invoices.find("dupont", "169165").paid_cents == 2000


def test_the_journal_of_the_bank(guichet, write, portal):
    paid(portal)
    line = [REFERENCE, 5700, 83, 783, "A1", date(2026, 6, 10), "DEB", "Capturé"]
    file = write("journal.xlsx", (*BANK, "ErrorCode", "Currency"), [*line, 0, 978])
    ran = guichet("paiements", "rapprocher", file)
    assert (ran.code, "Déjà connus 1 57,00 €" in plain(ran.out)) == (0, True)


def test_a_workbook_of_an_old_format_is_refused_with_what_to_do(guichet, tmp_path):
    file = tmp_path / "reglements.xls"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    ran = guichet("reglements", "importer", file)
    assert (ran.code, f"reglements.xls, ligne 1 : {OLD_WORKBOOK}".replace("\u00a0", " ") in ran.err) == (1, True)
