"""A sheet is counted before it is unfolded: no cell far away and no shared text makes a small file a large one."""

import io

import pytest

from chalicelib.importing import sheet_scan
from chalicelib.importing.rows import FileRefused
from chalicelib.importing.sheet_scan import MOST_CELLS, SharedTexts, XlsxSheet, letters_of, place_name
from chalicelib.wording import workbooks
from tests.support.workbooks import shared_texts, sheet_of


def scanned(data, texts=()):
    sheet = XlsxSheet(list(texts))
    sheet.read(io.BytesIO(sheet_of(data).encode()))
    return sheet.extent


def reason_of(data, texts=()):
    with pytest.raises(FileRefused) as refusal:
        scanned(data, texts)
    return refusal.value.bad_lines[0].reason


@pytest.mark.parametrize(
    ("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_a_column_has_the_letters_of_a_spreadsheet(column, letters):
    assert letters_of(column) == letters
    assert place_name(12, column) == f"{letters}12"


def test_the_extent_is_that_of_the_cells_that_hold_something():
    data = '<row r="3"><c r="B3"><v>1</v></c><c r="D3" s="1"/></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    found = scanned(data)
    assert (found.rows, found.columns) == (3, 2)


def test_rows_and_cells_without_their_places_follow_each_other():
    found = scanned("<row><c><v>1</v></c></row><row><c/><c><v>2</v></c></row>")
    assert (found.rows, found.columns) == (2, 2)


def test_a_cell_far_away_is_named():
    data = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert reason_of(data) == workbooks.large_sheet(MOST_CELLS, "XFD1048576")


@pytest.mark.parametrize("place", ["ZZZ1", "A9999999", "A1048577"])
def test_a_cell_outside_any_sheet_is_refused(place):
    assert reason_of(f'<row><c r="{place}"><v>1</v></c></row>') == workbooks.large_sheet(MOST_CELLS, place)


def test_a_text_that_a_thousand_cells_share_is_counted_as_often(monkeypatch):
    monkeypatch.setattr(sheet_scan, "MOST_CHARACTERS", 999)
    cell = '<c t="s"><v>0</v></c>'
    assert scanned(f"<row>{cell * 9}</row>", [100]).characters == 900
    assert reason_of(f"<row>{cell * 10}</row>", [100]) == workbooks.large_sheet(MOST_CELLS, "")


def test_shared_texts_are_measured_in_their_order():
    texts = SharedTexts()
    texts.read(io.BytesIO(shared_texts("un", "", "trois").encode()))
    assert texts.lengths == [2, 0, 5]


def test_errors_and_formulas_without_a_result_are_noted_by_their_place():
    data = '<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c r="C2"><f>A1</f></c><c r="D2"><f>A1</f><v>3</v></c>'
    data += '<c r="E2"><f>A1</f><v></v></c><c r="F2" t="str"><f>A1</f><v></v></c></row>'
    assert scanned(data).faulty == {
        (2, 2): workbooks.ERROR_CELL,
        (2, 3): workbooks.FORMULA_WITHOUT_RESULT,
        (2, 5): workbooks.FORMULA_WITHOUT_RESULT,
    }
