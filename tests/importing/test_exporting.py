"""What leaves for a spreadsheet cannot run there."""

import pytest

from chalicelib.importing.csv_writer import escape_formula


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_begins_like_a_formula_is_disarmed(cell):
    assert escape_formula(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Zoé", "l’été", "a=1", "12 rue des Genêts"])
def test_any_other_text_is_left_alone(cell):
    assert escape_formula(cell) == cell
