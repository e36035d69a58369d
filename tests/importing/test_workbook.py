"""Workbooks are read wherever a CSV is: typed cells, the first sheet that shows, faults named by their cells."""

import io
import subprocess
import sys
from datetime import date, datetime

import pytest

from chalicelib.domain.payment import Notice
from chalicelib.importing.accounts import read_accounts
from chalicelib.importing.bank_export import Columns, ExportLimits, read_bank_export
from chalicelib.importing.children import read_children
from chalicelib.importing.invoices import read_invoices
from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.importing.settlements import read_settlements
from chalicelib.importing.table import read_table
from chalicelib.wording import importing as wording
from chalicelib.wording import workbooks
from tests.support.files import ACCOUNT, ACCOUNT_COLUMNS, INVOICE, INVOICE_COLUMNS, account_rows, invoice_rows
from tests.support.workbooks import Raw, ods, shared_texts, sheet_of, xlsx

BOTH = pytest.mark.parametrize("make", [xlsx, ods], ids=["xlsx", "ods"])


def rows(content, columns=("numero", "libelle"), **options):
    return list(read_table(io.BytesIO(content), list(columns), kind="un fichier de livres", **options))


def cells(content, **options):
    return [list(row.cells.values()) for row in rows(content, **options)]


def refusal_of(content):
    with pytest.raises(FileRefused) as refusal:
        rows(content)
    (bad,) = refusal.value.bad_lines
    return bad


@BOTH
def test_accounts_with_typed_cells_are_those_of_the_csv(make):
    typed = ACCOUNT | {
        "identifiant": 100001, "famille": 7001, "code_postal": 6990, "telephone_mobile": 600000001,
        "telephone_fixe": None, "quotient_familial": 1234.5, "prelevement": False, "ligne_1": "12 rue\ndes Genêts",
    }  # fmt: skip
    (record,) = read_accounts(io.BytesIO(make([ACCOUNT_COLUMNS, [typed[name] for name in ACCOUNT_COLUMNS]])))
    (expected,) = read_accounts(account_rows({}))
    assert (record.value, record.line, record.problems) == (expected.value, 2, ())


@BOTH
def test_invoices_with_typed_cells_are_those_of_the_csv(make):
    typed = INVOICE | {
        "numero": 169165, "identifiant": 100001, "date_emission": date(2011, 6, 1),
        "date_echeance": datetime.fromisoformat("2011-06-24T14:30:00"), "montant_total": 57, "montant_regle": None,
        "quantite": 20.0, "prix_unitaire": 2.85, "montant": 57.0,
    }  # fmt: skip
    (record,) = read_invoices(io.BytesIO(make([INVOICE_COLUMNS, [typed[name] for name in INVOICE_COLUMNS]])))
    (expected,) = read_invoices(invoice_rows({}))
    assert (record.value, record.problems) == (expected.value, ())


@BOTH
def test_children_and_settlements_are_read_too(make):
    header = ["famille", "nom", "prenom", "date_naissance", "ecole", "classe", "activites"]
    child = [7001, "Lefèvre", "Zoé", date(2018, 3, 1), "École", 3, "Cantine, Garderie"]
    (record,) = read_children(io.BytesIO(make([header, child])))
    assert record.value[0] == "7001"
    assert (record.value[1].born_on, record.value[1].class_name) == (date(2018, 3, 1), "3")
    settlement = [date(2026, 11, 4), 2610200004, -22.9, "chèque", 12345]
    (record,) = read_settlements(io.BytesIO(make([["date", "numero", "montant", "moyen", "reference"], settlement])))
    assert (record.value.number, record.value.amount_cents, record.value.reference) == ("2610200004", -2290, "12345")


@BOTH
def test_the_journal_of_the_bank_is_read_too(make):
    header = ["Date", "TransactionId", "IdAppel", "Reference", "Type", "NumberOfAuthorization", "Amount", "Currency"]
    payment = [date(2026, 6, 9), 600012345, 700012345, "ZDKWXC-YRIV25", "DEB", 123456, 5700, 978]
    content = make([[*header, "Status", "ErrorCode", "Bank"], [*payment, "Télécollecté", 0, True]])
    limits = ExportLimits(date(2026, 6, 10), tests_accepted=False)
    (record,) = read_bank_export(io.BytesIO(content), Columns.load(), limits)
    assert isinstance(record.value, Notice), record
    assert (record.value.transaction, record.value.amount_cents) == ("600012345", 5700)
    assert record.value.paid_on == date(2026, 6, 9)


@BOTH
def test_a_fault_is_told_by_its_line_and_its_cell(make):
    change = {"quantite": "beaucoup", "periode": date(2011, 6, 1), "montant": 57.123456}
    values = [(INVOICE | change)[name] for name in INVOICE_COLUMNS]
    (record,) = read_invoices(io.BytesIO(make([INVOICE_COLUMNS, values])))
    assert list(record.problems) == [
        BadLine(2, "periode (D2)", workbooks.DAY_IN_CELL),
        BadLine(2, "quantite (K2)", wording.NOT_A_QUANTITY),
        BadLine(2, "montant (M2)", workbooks.MANY_DECIMALS),
    ]


@BOTH
def test_the_cells_keep_their_place_below_blank_rows_and_beside_blank_columns(make):
    content = make([[], [None, None], [None, "numero", "libelle"], [], [None, "1", "Été"], [None, "2"]])
    found = rows(content, ("", "numero", "libelle"))
    assert [(row.line, row.cells["numero"], row.cells["libelle"]) for row in found] == [(5, "1", "Été"), (6, "2", "")]
    assert found[0].bad("libelle", "x") == BadLine(5, "libelle (C5)", "x")


@BOTH
def test_more_cells_than_the_heading_are_told(make):
    (row,) = rows(make([["numero", "libelle"], ["1", "a", "b"]]))
    assert row.problem == BadLine(2, "", wording.wrong_width(expected=2, found=3))


@BOTH
def test_a_title_above_the_heading_is_told(make):
    bad = refusal_of(make([["Livres de la ville"], [], ["numero", "libelle"], ["1", "a"]]))
    assert bad == BadLine(1, "", wording.title_above(1, 3))


@BOTH
def test_a_heading_alone_and_an_empty_sheet_are_told(make):
    assert refusal_of(make([["numero", "libelle"]])).reason == wording.NO_LINE
    assert refusal_of(make([])).reason == wording.EMPTY_FILE


def test_texts_that_cells_share_are_read():
    shared = Raw('<c t="s"><v>1</v></c>')
    content = xlsx([["numero", "libelle"], ["1", shared], ["2", shared]], sharedStrings=shared_texts("x", "Lefèvre"))
    assert cells(content) == [["1", "Lefèvre"], ["2", "Lefèvre"]]


def test_a_hidden_sheet_before_it_is_passed():
    assert cells(xlsx([["numero", "libelle"], ["1", "a"]], hidden_before=True)) == [["1", "a"]]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<c t="e"><v>#N/A</v></c>', workbooks.ERROR_CELL),
        ("<c><f>A1+1</f></c>", workbooks.FORMULA_WITHOUT_RESULT),
    ],
)
def test_a_formula_that_shows_nothing_is_told_and_not_taken_for_an_empty_cell(cell, reason):
    (row,) = rows(xlsx([["numero", "libelle"], ["1", Raw(cell)]]))
    assert row.refused == {"libelle": reason}


def test_a_formula_with_its_result_is_that_result():
    formula = Raw('<c t="str"><f>UPPER("a")</f><v>A</v></c>')
    assert cells(xlsx([["numero", "libelle"], [Raw("<c><f>1+1</f><v>2</v></c>"), formula]])) == [["2", "A"]]


def test_an_error_of_libreoffice_is_told():
    kinds = 'office:value-type="string" calcext:value-type="error"'
    error = Raw(f"<table:table-cell {kinds}><text:p>#N/A</text:p></table:table-cell>")
    (row,) = rows(ods([["numero", "libelle"], ["1", error]]))
    assert row.refused == {"libelle": workbooks.ERROR_CELL}


def test_repeated_blank_rows_and_cells_at_the_end_are_nothing():
    end = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert cells(ods([["numero", "libelle"], ["1", "a"]], end=end)) == [["1", "a"]]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04\x14\x00\x08\x00numero;libelle\n1;a\n",
        xlsx([["numero", "libelle"], ["1", "a"]])[:700],
        xlsx([], sheet1="<worksheet><sheetData>"),
        xlsx([], sheet1=sheet_of('<row r="x"><c><v>1</v></c></row>')),
        xlsx([], workbook="<workbook/>"),
        xlsx([], workbook='<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'),
    ],
    ids=["no archive", "cut", "sheet cut", "no row number", "no sheet", "entities"],
)
def test_a_damaged_workbook_is_told_with_what_to_do(content):
    assert refusal_of(content) == BadLine(1, "", workbooks.BROKEN_WORKBOOK)


def test_nothing_of_it_is_imported_before_a_file_comes():
    """The web function starts without: its cold start would wait for libraries that no page uses."""
    late = {"python_calamine", "chalicelib.importing.workbook", "chalicelib.importing.encoding"}
    code = f"import app, sys; print(sorted({late!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_error_that_the_library_does_not_know_is_told_with_its_cell():
    bad = refusal_of(xlsx([["numero", "libelle"], ["1", Raw('<c t="e"><v>#SPILL!</v></c>')]]))
    assert bad == BadLine(2, "B2", workbooks.ERROR_CELL)


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16"])
def test_a_sheet_in_an_encoding_that_the_library_takes_for_utf_8_is_refused(encoding):
    sheet = f'<?xml version="1.0" encoding="{encoding}"?>{sheet_of("")}'
    assert refusal_of(xlsx([], sheet1=sheet)).reason == workbooks.BROKEN_WORKBOOK


@BOTH
def test_blank_columns_beside_the_table_are_nothing_and_a_cell_in_one_is_told(make):
    content = make([[None, "numero", None, "libelle"], [None, "1", None, "a"], ["x", "2", None, "b"]])
    first, second = rows(content)
    assert (first.problem, first.cells["numero"], first.cells["libelle"]) == (None, "1", "a")
    assert second.problem == BadLine(3, "", wording.without_a_name("A3"))


@BOTH
def test_a_sheet_of_something_else_is_told_as_the_first_sheet(make):
    reason = refusal_of(make([["Mode d’emploi", "Ne rien changer"]])).reason
    assert "première feuille" in reason
    assert "«" not in reason


@BOTH
def test_the_day_of_the_bank_may_be_a_number_in_a_workbook_too(make):
    header = ["Date", "TransactionId", "IdAppel", "Reference", "Type", "NumberOfAuthorization", "Amount", "Currency"]
    payment = [9062026, 600012345, 700012345, "ZDKWXC-YRIV25", "DEB", 123456, 5700, 978, "Télécollecté", 0]
    content = make([[*header, "Status", "ErrorCode"], payment])
    limits = ExportLimits(date(2026, 6, 10), tests_accepted=False)
    (record,) = read_bank_export(io.BytesIO(content), Columns.load(), limits)
    assert isinstance(record.value, Notice), record
    assert record.value.paid_on == date(2026, 6, 9)
