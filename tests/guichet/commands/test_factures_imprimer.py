"""`guichet factures imprimer`: the bytes that were stored, several in one PDF, and a sentence for each refusal."""

import io

import pytest
from pypdf import PdfReader

from tests.flows.mailing.test_mailing import published
from tests.support.files import INVOICE, INVOICE_COLUMNS, text_of
from tests.support.people import invoice

OTHER_SOFTWARE = b"%PDF-1.4\nold software\n%%EOF\n"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "copie.pdf"


def stored(portal, number):
    return portal.stores.documents.read(f"factures/{number}.pdf")


def texts(path):
    return [page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes()), strict=True).pages]


def test_one_invoice_is_written_as_it_was_stored_byte_for_byte(guichet, portal, run, out):
    ran = guichet("factures", "imprimer", "501", "--sortie", out)
    assert (ran.code, ran.err, ran.out) == (0, "", f"1 facture : {out}\n")
    assert out.read_bytes() == stored(portal, "501")


def test_several_are_joined_in_the_order_in_which_they_are_typed_each_once(guichet, run, out):
    ran = guichet("factures", "imprimer", "503", " 501", "503", "507", "--sortie", out)
    assert (ran.code, ran.out) == (0, f"3 factures : {out}\n")
    pages = texts(out)
    assert [next(number for number in ("501", "503", "507") if number in page) for page in pages] == [
        "503", "501", "507",
    ]  # fmt: skip


def test_each_refused_number_is_told_and_the_others_are_printed(guichet, portal, run, out):
    waiting = published(portal, invoice("601"))
    ran = guichet("factures", "imprimer", "999", "501", "601", "169165", "--sortie", out)
    assert (ran.code, out.read_bytes()) == (3, stored(portal, "501"))
    unknown, unpublished, undrawn = ran.err.splitlines()
    assert unknown == "facture n° 999 : aucune facture n’a ce numéro."
    assert unpublished.startswith("facture n° 601 : elle n’est pas publiée. ")
    assert f"« guichet envois voir {waiting} --facture 601 » dit ce qu’elle attend." in unpublished
    assert undrawn.startswith("facture n° 169165 : son PDF n’est pas encore tracé. Il le sera dès que la famille")


def test_when_none_can_be_printed_no_file_is_left(guichet, run, out):
    ran = guichet("factures", "imprimer", "999", "169165", "--sortie", out)
    assert (ran.code, ran.out, out.exists()) == (1, "", False)
    ran = guichet("factures", "imprimer", "", "--sortie", out)
    assert (ran.code, ran.err, out.exists()) == (2, "Il manque NUMÉRO.\n", False)


def test_a_file_that_is_there_is_kept(guichet, run, out):
    out.write_bytes(b"kept")
    ran = guichet("factures", "imprimer", "501", "--sortie", out)
    assert (ran.code, "existe déjà : rien n’a été écrit." in ran.err, out.read_bytes()) == (1, True, b"kept")


def test_a_cancelled_invoice_is_printed_and_told(guichet, portal, run, out):
    assert guichet("factures", "annuler", "501", "--motif", "erreur").code == 0
    ran = guichet("factures", "imprimer", "501", "--sortie", out)
    assert (ran.code, ran.err) == (0, "facture n° 501 : elle est annulée, et son document ne le dit pas.\n")
    assert out.read_bytes() == stored(portal, "501")


@pytest.fixture
def taken_over(guichet, tmp_path):
    """Invoices 1 and 2, with the documents of other software."""
    rows = [{**INVOICE, "identifiant": "dupont", "numero": number, "montant_regle": "0"} for number in "12"]
    (tmp_path / "factures.csv").write_bytes(text_of(INVOICE_COLUMNS, *rows).encode("cp1252"))
    for number in "12":
        (tmp_path / f"{number}.pdf").write_bytes(OTHER_SOFTWARE)
    assert guichet("factures", "importer", tmp_path / "factures.csv", "--reprise", "--pdf", tmp_path).code == 0


def test_a_document_of_other_software_is_printed_alone(guichet, portal, taken_over, run, out):
    assert guichet("factures", "imprimer", "1", "--sortie", out).code == 0
    assert out.read_bytes() == OTHER_SOFTWARE
    out.unlink()
    ran = guichet("factures", "imprimer", "1", "501", "--sortie", out)
    assert (ran.code, out.read_bytes()) == (3, stored(portal, "501"))
    assert ran.err == (
        "facture n° 1 : son PDF vient d’un autre logiciel et ne se joint pas à d’autres, imprimez-la seule.\n"
    )
    out.unlink()
    ran = guichet("factures", "imprimer", "1", "2", "--sortie", out)
    assert (ran.code, len(ran.err.splitlines()), out.exists()) == (1, 2, False)


def test_a_document_that_is_no_longer_there_is_told(guichet, portal, run, out, monkeypatch):
    invoices = portal.stores.invoices
    found = invoices.find("dupont", "501")
    gone = found.model_copy(update={"document": found.document.model_copy(update={"key": "factures/perdue.pdf"})})
    monkeypatch.setattr(type(invoices), "find_by_number", lambda self, number: gone)
    ran = guichet("factures", "imprimer", "501", "--sortie", out)
    assert (ran.code, "n’est plus là où il fut gardé. L’ingénieur le restaure." in ran.err) == (1, True)
