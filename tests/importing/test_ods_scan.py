"""Tables of LibreOffice, counted with their repeated rows and cells before these are unfolded."""

import io

import pytest

from chalicelib.importing import sheet_scan
from chalicelib.importing.ods_scan import scan_ods
from chalicelib.importing.rows import FileRefused
from chalicelib.importing.sheet_scan import MOST_CELLS
from chalicelib.wording import workbooks
from tests.support.workbooks import ods_content

NUMBER = '<table:table-cell{} office:value-type="float" office:value="1"/>'


def row(*cells, repeated=1):
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def blank(repeated=1):
    return f'<table:table-cell table:number-columns-repeated="{repeated}"/>'


def number(repeated=1):
    return NUMBER.format(f' table:number-columns-repeated="{repeated}"')


def scanned(*tables):
    named = "".join(f'<table:table table:name="T{at}">{table}</table:table>' for at, table in enumerate(tables))
    return scan_ods(io.BytesIO(ods_content(named).encode()))


def reason_of(*tables):
    with pytest.raises(FileRefused) as refusal:
        scanned(*tables)
    return refusal.value.bad_lines[0].reason


def test_the_extent_leaves_out_the_blanks_that_follow():
    found = scanned(row(number(), blank(2), number(2), blank(16379)), row(blank(16384), repeated=1_000_000))
    assert (found["T0"].rows, found["T0"].columns) == (1, 5)


@pytest.mark.parametrize(
    "table",
    [
        row(number(1000), repeated=1001),
        row(blank(1), repeated=1_000_001) + row(number()),
        row(blank(16384), number()),
        row(blank(1), repeated=999_999_999),
    ],
    ids=["repeated values", "a value far below", "a value beyond the last column", "rows without end"],
)
def test_what_would_unfold_into_too_many_cells_is_refused(table):
    assert reason_of(table).startswith(workbooks.large_sheet(MOST_CELLS, "").partition(" :")[0][:20])


def test_every_table_counts_for_the_library_unfolds_them_all():
    half = row(number(1000), repeated=600)
    assert scanned(half)["T0"].rows == 600
    assert reason_of(half, half) == workbooks.large_sheet(MOST_CELLS, "")


def test_spaces_and_texts_written_once_are_counted_as_often_as_they_show(monkeypatch):
    monkeypatch.setattr(sheet_scan, "MOST_CHARACTERS", 1000)
    cell = '<table:table-cell office:value-type="string"><text:p>ab<text:s text:c="{}"/></text:p></table:table-cell>'
    assert scanned(row(cell.format(98), repeated=9))["T0"].characters == 900
    assert reason_of(row(cell.format(98), repeated=11)) == workbooks.large_sheet(MOST_CELLS, "")
    assert reason_of(row(cell.format(999_999_999))) == workbooks.large_sheet(MOST_CELLS, "")


def test_a_number_of_repetitions_that_is_none_is_refused():
    assert reason_of(row(number(), repeated="4000000000")) == workbooks.BROKEN_WORKBOOK
