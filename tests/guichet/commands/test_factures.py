"""`guichet factures importer`: whole invoices only, good ones alone on request, documents drawn or taken over."""

import hashlib
import signal
import threading

import pytest

from chalicelib.store.summaries import SummaryStore
from tests.support.files import INVOICE, INVOICE_COLUMNS, text_of

PDF = b"%PDF-1.4\nold software\n%%EOF\n"


@pytest.fixture
def write(tmp_path):
    """A file of changes made to the guide's invoice, for the account dupont."""

    def write(*changes, name="factures.csv"):
        rows = ({**INVOICE, "identifiant": "dupont", "numero": str(n), **one} for n, one in enumerate(changes, 1))
        path = tmp_path / name
        path.write_bytes(text_of(INVOICE_COLUMNS, *rows).encode("cp1252"))
        return path

    return write


def listed(portal, username="dupont"):
    return {row.number for row in portal.stores.summaries.find(username)}


def test_invoices_come_in_with_their_pdf_and_twice_is_once(guichet, write, portal):
    file = write({}, {})
    first = guichet("factures", "importer", file)
    assert (first.code, first.err) == (0, "")
    assert "2 factures importées, 114,00 €." in first.out
    assert "2 PDF tracés." in first.out
    document = portal.stores.invoices.find("dupont", "1").document
    assert hashlib.sha256(portal.stores.documents.read(document.key)).hexdigest() == document.sha256
    second = guichet("factures", "importer", file)
    assert second.code == 0
    assert "Déjà là, inchangées 2" in " ".join(second.out.split())
    assert portal.stores.invoices.find("dupont", "1").document == document


def test_a_dry_run_says_the_total_and_writes_nothing(guichet, write, portal):
    ran = guichet("factures", "importer", write({}, {}), "--essai")
    assert ran.code == 0
    assert "114,00 €" in ran.out
    assert portal.stores.invoices.find("dupont", "1") is None


def test_one_bad_line_keeps_the_whole_file_out_unless_the_good_ones_are_asked_for(guichet, write, portal):
    file = write({}, {"montant": "57,01"}, {"identifiant": "personne"})
    ran = guichet("factures", "importer", file)
    assert ran.code == 1
    assert "factures.csv, ligne 3, colonne montant : quantité × prix unitaire donne 57,00 €" in ran.err
    assert "factures.csv, ligne 4, colonne identifiant : facture n° 3, cet identifiant n’est celui" in ran.err
    assert portal.stores.invoices.find("dupont", "1") is None
    ran = guichet("factures", "importer", file, "--garder-les-bonnes")
    assert ran.code == 3
    assert listed(portal) >= {"1"}
    assert portal.stores.invoices.find("dupont", "2") is None


def test_a_file_without_any_good_invoice_is_refused_even_so(guichet, write):
    assert guichet("factures", "importer", write({"montant": "x"}), "--garder-les-bonnes").code == 1
    assert guichet("factures", "importer", write({"identifiant": "x"}), "--garder-les-bonnes").code == 1


def test_an_invoice_changed_after_its_issue_is_refused_naming_what_differs(guichet, write, portal):
    assert guichet("factures", "importer", write({})).code == 0
    changed = {"date_echeance": "30/06/2011", "quantite": "10", "prix_unitaire": "5,70"}
    ran = guichet("factures", "importer", write(changed))
    assert ran.code == 1
    assert "date d’échéance : « 30/06/2011 » dans le fichier, « 24/06/2011 » sur le portail" in ran.err
    assert "prestations : « Zoé Restauration scolaire, 10 × 5,70 € = 57,00 € » dans le fichier" in ran.err
    assert portal.stores.invoices.find("dupont", "1").due_on.day == 24


def test_markup_in_a_file_reaches_the_terminal_as_text(guichet, write):
    assert guichet("factures", "importer", write({})).code == 0
    ran = guichet("factures", "importer", write({"libelle": "[bold]x[/bold] :smile: =1+1 {{ 7 * 7 }}"}))
    assert "« [bold]x[/bold] :smile: =1+1 {{ 7 * 7 }} » dans le fichier" in ran.err


def test_a_wrong_header_is_one_clear_error(guichet, tmp_path):
    file = tmp_path / "factures.csv"
    file.write_text(text_of(INVOICE_COLUMNS, INVOICE).replace("libelle;", "titre;"))
    ran = guichet("factures", "importer", file)
    assert ran.code == 1
    told = "il manque la colonne libelle ; la colonne titre est de trop"
    assert ran.err.splitlines()[0] == f"factures.csv, ligne 1 : l’en-tête est faux : {told}"
    assert "Rien n’a été importé." in ran.err


def test_a_file_without_an_invoice_is_refused(guichet, write, portal):
    ran = guichet("factures", "importer", write())
    assert (ran.code, "factures.csv, ligne 1 : le fichier n’a aucune ligne" in ran.err) == (1, True)
    assert list(portal.stores.runs.every()) == []


def test_a_takeover_keeps_every_pdf_unchanged_and_mails_nothing(guichet, write, portal, tmp_path):
    for number in "12":
        (tmp_path / f"{number}.pdf").write_bytes(PDF + number.encode())
    file = write({"montant_regle": "57,00"}, {"montant_regle": "20,00"})
    ran = guichet("factures", "importer", file, "--reprise", "--pdf", tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "PDF tracé" not in ran.out
    invoice = portal.stores.invoices.find("dupont", "2")
    assert (invoice.paid_cents, invoice.balance_cents) == (2000, 3700)
    assert portal.stores.documents.read(invoice.document.key) == PDF + b"2"
    assert invoice.document.sha256 == hashlib.sha256(PDF + b"2").hexdigest()
    assert guichet("factures", "importer", file, "--reprise", "--pdf", tmp_path).code == 0


def test_a_takeover_refuses_a_missing_document_and_what_is_no_pdf(guichet, write, tmp_path):
    (tmp_path / "2.pdf").write_bytes(b"<html>")
    (tmp_path / "3.pdf").write_bytes(PDF[:-8])
    ran = guichet("factures", "importer", write({}, {}, {}), "--reprise", "--pdf", tmp_path)
    assert ran.code == 1
    assert "ligne 2, colonne document : document absent" in ran.err
    assert "ligne 3, colonne document : le document n’est pas un PDF" in ran.err
    assert "ligne 4, colonne document : le document n’est pas un PDF" in ran.err


def join_writers():
    """As a process does before it ends: a Ctrl-C while a thread is being started leaves it out of its pool's reach."""
    for thread in threading.enumerate():
        if thread.name.startswith("ThreadPoolExecutor"):
            thread.join()


def test_ctrl_c_leaves_every_invoice_whole_or_absent_and_the_next_run_ends_the_work(
    guichet, write, portal, monkeypatch
):
    file = write(*[{"identifiant": name} for name in ["dupont", "martin"] * 60])
    add_rows, calls = SummaryStore.add_rows, []

    def interrupted(self, username, rows):
        calls.append(username)
        if len(calls) == 1:
            signal.raise_signal(signal.SIGINT)
        add_rows(self, username, rows)

    monkeypatch.setattr(SummaryStore, "add_rows", interrupted)
    ran = guichet("factures", "importer", file)
    assert ran.code == 130
    assert "Interrompu." in ran.err
    join_writers()
    for username in ("dupont", "martin"):
        assert {invoice.number for invoice in portal.stores.invoices.of(username)} == listed(portal, username)
    monkeypatch.setattr(SummaryStore, "add_rows", add_rows)
    monkeypatch.setattr("guichet.files.invoice_file.draw", lambda pairs, portal: len(pairs))
    assert guichet("factures", "importer", file).code == 0
    assert len(listed(portal) | listed(portal, "martin")) >= 120


def test_an_import_leaves_its_trace_among_the_runs_and_sends_nothing(guichet, write, portal):
    assert guichet("factures", "importer", write({}, {"montant": "57,01"}), "--garder-les-bonnes").code == 3
    (run,) = portal.stores.runs.every()
    assert (run.kind, run.state, run.figures.invoices, run.bad_lines) == ("DIRECT", "CLOSED", 1, 1)
    assert portal.stores.invoices.find("dupont", "1").run == run.run
    assert portal.stores.runs.due(portal.clock().date()) == []
    listed_runs = guichet("campagnes", "lister").out
    assert f"{run.run}" in listed_runs
    assert "import direct" in listed_runs


def test_an_invoice_that_waits_to_be_published_is_not_imported_over(guichet, write, portal):
    assert guichet("campagnes", "deposer", write({})).code == 0
    ran = guichet("factures", "importer", write({}, name="copie.csv"))
    assert ran.code == 1
    assert "facture n° 1, elle attend déjà d’être publiée avec une autre campagne" in ran.err
    assert "1" not in listed(portal)
