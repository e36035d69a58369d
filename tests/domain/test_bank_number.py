"""The bank's numbers: the same digits are the same number, and what has lost its digits is none."""

import pytest

from chalicelib.domain.bank_number import MAX_DIGITS, bank_number, whole_number


@pytest.mark.parametrize(
    "written",
    [
        *("810000001", "0810000001", "000810000001", "810 000 001", "810\u00a0000\u202f001", " 810000001 "),
        *("810000001,00", "810000001.0", "0 810 000 001,00", "8100 00001"),
    ],
)
def test_digits_alone_say_which_number_it_is(written):
    assert whole_number(written) == bank_number(written) == "810000001"


@pytest.mark.parametrize("nothing", ["", " ", "0", "000", "0,00"])
def test_an_empty_cell_and_a_zero_are_no_number(nothing):
    assert whole_number(nothing) == ""


@pytest.mark.parametrize(
    "written",
    [
        *("8,1E+08", "8.1E+08", "8E8", "8,1", "810000001,50", "810.000", "810.000.001", "-81", "+81", "81A", "81/2"),
        *("'81", "XXXXXX", "٨١", "８１", "²", ",00", "8,,0", "=81", "9" * (MAX_DIGITS + 1)),
    ],
)
def test_what_is_not_written_out_in_digits_is_unreadable_and_never_guessed(written):
    assert whole_number(written) is None
    assert bank_number(written) == ""


def test_zeros_before_a_number_do_not_make_it_too_long():
    assert whole_number("0" * 30 + "9" * MAX_DIGITS) == "9" * MAX_DIGITS
