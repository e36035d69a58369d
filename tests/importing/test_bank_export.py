"""The bank's export: Paybox's own journal as it comes, and one whose columns a settings file names."""

import io
from datetime import date

import pytest
from pydantic import ValidationError

from chalicelib.domain.payment import Notice
from chalicelib.importing.bank_export import Columns, ExportLimits, OtherMovement, read_bank_export
from chalicelib.importing.rows import FileRefused
from chalicelib.wording import importing as wording
from local.paybox.export import COLUMNS

HEADER = "Reference;Amount;TransactionId;IdAppel;NumberOfAuthorization;Date;Type;Status;ErrorCode;Currency\r\n"
TODAY = date(2026, 6, 10)
PAID = Notice(
    reference="AAAAAA-BBBBBB",
    amount_cents=5700,
    code="00000",
    transaction="83",
    call="783",
    authorisation="A1",
    paid_on=date(2026, 6, 10),
)


def read(text, columns=None, *, tests_accepted=False, encoding="cp1252"):
    bounds = ExportLimits(TODAY, tests_accepted=tests_accepted)
    return list(read_bank_export(io.BytesIO(text.encode(encoding)), columns or Columns.load(), bounds))


def test_journal_of_the_back_office_is_read_with_the_documented_default():
    cells = dict.fromkeys(COLUMNS, "") | {
        "Reference": "AAAAAA-BBBBBB",
        "Amount": "5700",
        "TransactionId": "83",
        "IdAppel": "783",
        "NumberOfAuthorization": "A1",
        "Date": "10/06/2026",
        "Type": "DEB",
        "Currency": "978",
        "Status": "Télécollecté",
    }
    (record,) = read(";".join(COLUMNS) + "\r\n" + ";".join(cells.values()) + "\r\n")
    assert (record.line, record.value, record.problems) == (2, PAID, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "mac_roman", "cp850"])
def test_journal_is_read_in_any_encoding_or_refused(encoding):
    line = line_of({"Status": "Télécollecté"})
    (record,) = read(HEADER + line, encoding=encoding)
    assert record.value.transaction == "83"


REWRITTEN = [
    {"TransactionId": "00083"},
    {"TransactionId": "83,00", "IdAppel": "0 783"},
    {"IdAppel": "783.0"},
    {"Amount": "0005700"},
    {"Amount": "5 700"},
    {"Amount": "5\u00a0700"},
    {"Reference": "abcdef ghijkl mnopqr stuvwx"},
    {"Reference": "ABCDEFGHIJKLMNOPQRSTUVWX"},
    {"ErrorCode": "0"},
    {"ErrorCode": "0,00"},
    {"ErrorCode": ""},
    {"Currency": "978,00"},
    {"Currency": "0978"},
    {"Currency": "eur"},
    {"Type": "debit"},
    {"Status": "TELECOLLECTE"},
    {"Status": "Te\u0301le\u0301collecte\u0301"},
]
"""What a spreadsheet, or whoever saved the file, does to a line and leaves its meaning."""


def line_of(changes):
    cells = {
        "Reference": "ABCDEF-GHIJKL-MNOPQR-STUVWX", "Amount": "5700", "TransactionId": "83", "IdAppel": "783",
        "NumberOfAuthorization": "A1", "Date": "10/06/2026", "Type": "DEB", "Status": "Télécollecté",
        "ErrorCode": "00000", "Currency": "978",
    }  # fmt: skip
    return ";".join((cells | changes).values()) + "\r\n"


@pytest.mark.parametrize("changes", REWRITTEN, ids=str)
def test_cells_that_a_spreadsheet_wrote_otherwise_say_the_same(changes):
    (record,) = read(HEADER + line_of(changes), encoding="utf-8")
    assert record.value == PAID.model_copy(update={"reference": "ABCDEF-GHIJKL-MNOPQR-STUVWX"})


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"TransactionId": "8,1E+08"}, "transactionid", wording.NOT_A_BANK_NUMBER),
        ({"IdAppel": "7.1E+08"}, "idappel", wording.NOT_A_BANK_NUMBER),
        ({"IdAppel": "A12"}, "idappel", wording.NOT_A_BANK_NUMBER),
        ({"TransactionId": "0", "IdAppel": ""}, "reference", wording.NO_TRANSACTION),
        ({"Amount": "5,7E+03"}, "amount", wording.NOT_CENTS),
        ({"Amount": "5700,00"}, "amount", wording.NOT_CENTS),
        ({"Amount": "12345678901"}, "amount", wording.NOT_CENTS),
        ({"Currency": "9,78E+02"}, "currency", wording.NOT_A_CODE),
        ({"ErrorCode": "0,00E+00"}, "errorcode", wording.NOT_A_CODE),
        ({"Status": "T\ufffdl\ufffdcollect\ufffd"}, "status", wording.UNREADABLE_CHARACTER),
        ({"Status": "T?l?collect?"}, "status", wording.UNREADABLE_CHARACTER),
        ({"Date": "46183"}, "date", wording.NOT_A_DAY),
    ],
)
def test_cells_that_lost_their_meaning_are_told_and_never_guessed(changes, column, reason):
    (record,) = read(HEADER + line_of(changes), encoding="utf-8")
    assert record.value is None
    assert [(bad.column, bad.reason) for bad in record.problems] == [(column, reason)]


def test_day_written_without_separators_may_have_lost_its_first_zero():
    (record,) = read(HEADER + line_of({"Date": "9062026"}))
    assert record.value.paid_on == date(2026, 6, 9)


@pytest.mark.parametrize("said", ["0", "00000", ""])
def test_an_empty_code_and_a_zero_are_told_apart_where_a_column_names_them(said):
    names = {"reference": "R", "montant": "M", "transaction": "T", "date": "D", "type": "K"}
    (record,) = read(f"R;M;T;D;K\nA;5700;83;10/06/2026;{said}\n", Columns(**names, types_de_paiement=("0",)))
    assert isinstance(record.value, Notice) is bool(said)


@pytest.mark.parametrize("written", ["0", "-57,00"])
def test_amount_in_euros_is_above_zero_too(written):
    names = {"reference": "R", "montant": "M", "montant_en": "euros", "transaction": "T", "date": "D"}
    (record,) = read(f"R;M;T;D\nA;{written};83;10/06/2026\n", Columns(**names))
    assert [bad.reason for bad in record.problems] == [wording.NOT_POSITIVE]


@pytest.mark.parametrize(
    "written", ["10/06/2026", "2026-06-10", "10062026", "10/06/2026 12:34:56", "2026-06-10T12:34:56", "10062026 1234"]
)
def test_days_are_read_as_banks_write_them(written):
    (record,) = read(f"{HEADER}AAAAAA-BBBBBB;5700;83;783;A1;{written};DEB;Capturé;00000;EUR\r\n")
    assert record.value == PAID


@pytest.mark.parametrize(
    "said",
    [
        ("CRE", "Télécollecté", "", "978"),
        ("DEB", "Refusé", "00105", "978"),
        ("DEB", "Refusé", "", "978"),
        ("DEB", "Annulé", "00000", "978"),
        ("DEB", "Autorisé", "00000", "978"),
        ("DEB", "", "00000", "978"),
        ("DEB", "Télécollecté", "00105", "978"),
        ("DEB", "Télécollecté", "00000", "840"),
    ],
)
def test_what_is_no_accepted_debit_in_euros_is_another_movement(said):
    (record,) = read(f"{HEADER}AAAAAA-BBBBBB;5700;83;783;A1;10/06/2026;{';'.join(said)}\r\n")
    assert record.value == OtherMovement("AAAAAA-BBBBBB", " ".join(filter(None, said)))
    assert record.problems == ()


def test_another_movement_may_be_unreadable_and_shows_nothing_that_a_terminal_obeys():
    (record,) = read(f"{HEADER}A\x1b[2J;x;;;;x;CRE;;;\r\n")
    assert record.value == OtherMovement("A[2J", "CRE")


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("AAAAAA-BBBBBB;57,00;83;;;10/06/2026;DEB;Capturé;;978", "amount", wording.NOT_CENTS),
        ("AAAAAA-BBBBBB;0;83;;;10/06/2026;DEB;Capturé;;978", "amount", wording.NOT_CENTS),
        (";5700;83;;;10/06/2026;DEB;Capturé;;978", "reference", wording.EMPTY),
        ("AAAAAA-BBBBBB;5700;83;;;31/02/2026;DEB;Capturé;;978", "date", wording.NOT_A_DAY),
        ("AAAAAA-BBBBBB;5700;83;;;;DEB;Capturé;;978", "date", wording.EMPTY),
        ("AAAAAA-BBBBBB;5700;83;;;11/06/2026;DEB;Capturé;;978", "date", wording.FUTURE_DAY),
        ("AAAAAA-BBBBBB;5700;;;A1;10/06/2026;DEB;Capturé;;978", "reference", wording.NO_TRANSACTION),
        ("AAAAAA-BBBBBB;5700;83;;XXXXXX;10/06/2026;DEB;Capturé;;978", "numberofauthorization", wording.TEST_PLATFORM),
    ],
)
def test_bad_line_is_told_by_its_column(line, column, reason):
    (record,) = read(HEADER + line)
    assert [(bad.line, bad.column, bad.reason) for bad in record.problems] == [(2, column, reason)]


def test_line_of_the_test_platform_is_read_where_tests_are_accepted():
    line = "AAAAAA-BBBBBB;5700;83;;XXXXXX;10/06/2026;DEB;Capturé;;978"
    (record,) = read(HEADER + line, tests_accepted=True)
    assert record.value.test


def test_columns_of_another_bank_are_named_in_a_file(tmp_path):
    settings = tmp_path / "colonnes.toml"
    names = 'reference = "Commande"\nmontant = "Montant réglé"\nmontant_en = "euros"\ndate = "Jour"\nappel = "Appel"\n'
    settings.write_text(names)
    (record,) = read("Jour;Commande;Montant réglé;Appel\n10/06/2026;AAAAAA-BBBBBB;57,00;783\n", Columns.load(settings))
    assert record.value == PAID.model_copy(update={"transaction": "", "authorisation": ""})


def test_column_that_is_missing_is_named():
    with pytest.raises(FileRefused) as refusal:
        read("Reference;Amount;TransactionId;IdAppel;Type;Status;Currency;Bank\nA;1;2;3;DEB;;;\n")
    (bad,) = refusal.value.bad_lines
    assert bad.reason.endswith("il manque les colonnes numberofauthorization, date et errorcode")


@pytest.mark.parametrize("more", ['appel = "Appel"\ncolonne = "?"\n', ""])
def test_settings_file_that_is_wrong_or_names_no_number_is_refused(tmp_path, more):
    settings = tmp_path / "colonnes.toml"
    settings.write_text(f'reference = "Commande"\nmontant = "Montant"\ndate = "Jour"\n{more}')
    with pytest.raises(ValidationError):
        Columns.load(settings)
