"""The bank's export: Paybox's own journal as it comes, and one whose columns a settings file names."""

import io
from datetime import date

import pytest
from pydantic import ValidationError

from chalicelib.domain.payment import Notice
from chalicelib.importing import wording
from chalicelib.importing.bank_export import Columns, read_bank_export
from chalicelib.importing.problems import FileRefused
from local.paybox.export import COLUMNS

HEADER = "Reference;Amount;TransactionId;IdAppel;NumberOfAuthorization;Date;Type\r\n"
PAID = Notice(
    reference="AAAAAA-BBBBBB",
    amount_cents=5700,
    code="00000",
    transaction="83",
    call="783",
    authorisation="A1",
    paid_on=date(2026, 6, 10),
)


def read(text, columns=None):
    return list(read_bank_export(io.BytesIO(text.encode("cp1252")), columns or Columns.load()))


def test_journal_of_the_back_office_is_read_with_the_documented_default():
    cells = dict.fromkeys(COLUMNS, "") | {
        "Reference": "AAAAAA-BBBBBB",
        "Amount": "5700",
        "TransactionId": "83",
        "IdAppel": "783",
        "NumberOfAuthorization": "A1",
        "Date": "10/06/2026",
        "Type": "DEB",
        "Status": "Télécollecté",
    }
    (record,) = read(";".join(COLUMNS) + "\r\n" + ";".join(cells.values()) + "\r\n")
    assert (record.line, record.value, record.problems) == (2, PAID, ())


@pytest.mark.parametrize("written", ["10/06/2026", "2026-06-10", "10062026", "10/06/2026 12:34:56"])
def test_days_are_read_as_banks_write_them(written):
    (record,) = read(f"{HEADER}AAAAAA-BBBBBB;5700;83;783;A1;{written};DEB\r\n")
    assert record.value == PAID


def test_other_movements_are_left_without_a_word():
    (record,) = read(f"{HEADER}AAAAAA-BBBBBB;5700;90;;;10/06/2026;CRE\r\n")
    assert (record.value, record.problems) == (None, ())


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("AAAAAA-BBBBBB;57,00;83;;;10/06/2026;DEB", "amount", wording.NOT_CENTS),
        ("AAAAAA-BBBBBB;0;83;;;10/06/2026;DEB", "amount", wording.NOT_CENTS),
        (";5700;83;;;10/06/2026;DEB", "reference", wording.EMPTY),
        ("AAAAAA-BBBBBB;5700;83;;;31/02/2026;DEB", "date", wording.NOT_A_DAY),
        ("AAAAAA-BBBBBB;5700;83;;;;DEB", "date", wording.EMPTY),
    ],
)
def test_bad_line_is_told_by_its_column(line, column, reason):
    (record,) = read(HEADER + line)
    assert [(bad.line, bad.column, bad.reason) for bad in record.problems] == [(2, column, reason)]


def test_columns_of_another_bank_are_named_in_a_file(tmp_path):
    settings = tmp_path / "colonnes.toml"
    settings.write_text('reference = "Commande"\nmontant = "Montant réglé"\nmontant_en = "euros"\ndate = "Jour"\n')
    (record,) = read("Jour;Commande;Montant réglé\n10/06/2026;AAAAAA-BBBBBB;57,00\n", Columns.load(settings))
    assert record.value == Notice(reference="AAAAAA-BBBBBB", amount_cents=5700, code="00000", paid_on=date(2026, 6, 10))


def test_column_that_is_missing_is_named():
    with pytest.raises(FileRefused) as refusal:
        read("Reference;Amount\nA;1\n")
    assert {bad.column for bad in refusal.value.bad_lines} == {
        "transactionid", "idappel", "numberofauthorization", "date", "type",
    }  # fmt: skip


def test_settings_file_that_is_wrong_is_refused(tmp_path):
    settings = tmp_path / "colonnes.toml"
    settings.write_text('reference = "Commande"\ncolonne = "?"\n')
    with pytest.raises(ValidationError):
        Columns.load(settings)
