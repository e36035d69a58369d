"""Telephone numbers as people type them."""

import pytest

from chalicelib.handlers.http.phone_input import Phone, read_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "0612345678"),
        ("06.12.34.56.78", "0612345678"),
        ("06-12-34-56-78", "0612345678"),
        ("06\u00a012\u202f34 56 78", "0612345678"),
        ("+33 (0)6 12 34 56 78", "0612345678"),
        ("0033 6 12 34 56 78", "0612345678"),
        ("612345678", "0612345678"),
        ("tél. 06 12 34 56 78", "0612345678"),
        ("0692 12 34 56", "0692123456"),
        ("+262 692 12 34 56", "0692123456"),
        ("0690 12 34 56", "0690123456"),
        ("06 39 98 00 12", "0639980012"),
        ("75 12 34", "+687751234"),
        ("87 12 34 56", "+68987123456"),
        ("+41 79 123 45 67", "+41791234567"),
    ],
)
def test_mobile_is_understood_however_it_is_written(typed, kept):
    assert read_phone(typed) == Phone(kept, mobile=True)


@pytest.mark.parametrize(("typed", "kept"), [("01 99 00 12 34", "0199001234"), ("0970000000", "0970000000")])
def test_landline_is_told_from_a_mobile(typed, kept):
    assert read_phone(typed) == Phone(kept, mobile=False)


@pytest.mark.parametrize(
    "typed", ["", "0612345", "06 12 34 56 7", "06 12 34 56 78 90", "12", "zéro six", "+", "0000000000"]
)
def test_number_that_nobody_has_is_none(typed):
    assert read_phone(typed) is None
