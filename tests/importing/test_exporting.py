"""What leaves for a spreadsheet cannot run there."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.importing import account_changes
from chalicelib.importing.csv_writer import escape_formula, unescape_formula
from tests.support.people import DUPONT


def test_an_account_goes_back_with_a_cell_under_each_column():
    row = account_changes.row(DUPONT, date(2026, 6, 10))
    assert len(row) == len(account_changes.HEADER), "chalicelib/importing/account_changes.py, _cells: one per column"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_begins_like_a_formula_is_disarmed(cell):
    assert escape_formula(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Zoé", "l’été", "a=1", "12 rue des Genêts"])
def test_any_other_text_is_left_alone(cell):
    assert escape_formula(cell) == cell


@given(st.text(max_size=20) | st.from_regex(r"'{0,3}[=+@-].{0,5}"))
def test_a_disarmed_cell_is_read_back_as_it_was(cell):
    assert unescape_formula(escape_formula(cell)) == cell
