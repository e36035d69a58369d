"""Telephone numbers as people type them, in a form or in a file."""

import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.contact.phone import Phone, find_phone, read_phone
from chalicelib.errors import ValueRefused

ROOT = Path(__file__).parents[2]
METROPOLITAN = (
    "06 12 34 56 78", "0612345678", "06.12.34.56.78", "06-12-34-56-78", "06/12/34/56/78", "06\u00a012\u202f34 56 78",
    "06–12–34–56–78", "612345678", "+33612345678", "+33 (0)6 12 34 56 78", "+33(0)6 12 34 56 78", "(+33)6 12 34 56 78",
    "0033 6 12 34 56 78", "0033 (0) 6 12 34 56 78", "33612345678", "(0)6 12 34 56 78", "tél. 06 12 34 56 78",
    "Tél : 06 12 34 56 78", "Portable 06 12 34 56 78", "'0612345678", "\u200b06 12 34 56 78",
    "０６ １２ ３４ ５６ ７８",
)  # fmt: skip
SEVERAL = (
    "06 00 00 00 01 / 04 00 00 00 02", "0612345678/0493001122", "0612345678 ou 0493001122", "0612345678;0493001122",
    "06 12 34 56 78, 04 93 00 11 22", "06 12 34 56 78 04 93 00 11 22", "06 12 34 56 78 - 04 93 00 11 22",
    "06/12/34/56/78 / 04/93/00/11/22", "06 12 34 56 78\n0493001122", "+33 6 12 34 56 78 / +377 93 15 12 34",
    "mobile : 0612345678 et fixe : 0493001122", "75 12 34 / 76 12 34",
)  # fmt: skip
NONSENSE = (
    "", "0612345", "06 12 34 56 7", "06 12 34 56 78 90", "12", "12345", "zéro six", "néant", "+", "0000000000",
    "061234567", "+33+612345678", "6,12E+08", "612345678,00", "06 12 34 56 78 poste 12", "HELLO MAMAN", "0" * 16,
    "06 12 34 56 7٨", "1" * 20, "/" * 100,
)  # fmt: skip


@pytest.mark.parametrize("typed", METROPOLITAN)
def test_a_mobile_is_understood_however_it_is_written(typed):
    assert read_phone(typed) == Phone("0612345678", mobile=True, country_code="+33", national="0612345678")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0692 12 34 56", Phone("0692123456", True, "+262", "0692123456")),
        ("692123456", Phone("0692123456", True, "+262", "0692123456")),
        ("+262 692 12 34 56", Phone("0692123456", True, "+262", "0692123456")),
        ("0639 01 23 45", Phone("0639012345", True, "+262", "0639012345")),
        ("0690 12 34 56", Phone("0690123456", True, "+590", "0690123456")),
        ("00594 694 12 34 56", Phone("0694123456", True, "+594", "0694123456")),
        ("+596 696 12 34 56", Phone("0696123456", True, "+596", "0696123456")),
        ("75 12 34", Phone("+687751234", True, "+687", "751234")),
        ("00687751234", Phone("+687751234", True, "+687", "751234")),
        ("87 12 34 56", Phone("+68987123456", True, "+689", "87123456")),
    ],
)
def test_an_overseas_number_has_its_own_code(typed, kept):
    assert read_phone(typed) == kept


@pytest.mark.parametrize("typed", ["0639980001", "06 39 98 00 01", "639980001", "+33639980001"])
def test_a_number_of_a_work_of_fiction_is_metropolitan_and_not_of_mayotte(typed):
    assert read_phone(typed) == Phone("0639980001", True, "+33", "0639980001")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+377 6 12 34 56 78", Phone("+377612345678", True, "+377", "0612345678")),
        ("+377 93 15 12 34", Phone("+37793151234", False, "+377", "93151234")),
        ("37793151234", Phone("+37793151234", False, "+377", "93151234")),
        ("+32 (0)470 12 34 56", Phone("+32470123456", True, "+32", "0470123456")),
        ("32470123456", Phone("+32470123456", True, "+32", "0470123456")),
        ("00352 621 123 456", Phone("+352621123456", True, "+352", "621123456")),
        ("+41 79 123 45 67", Phone("+41791234567", True, "+41", "0791234567")),
        ("+39 347 123 4567", Phone("+393471234567", True, "+39", "3471234567")),
        ("+1 514 555 0123", Phone("+15145550123", True, "+1", "5145550123")),
    ],
)
def test_a_foreign_number_stays_its_own(typed, kept):
    assert read_phone(typed) == kept


@pytest.mark.parametrize(("typed", "kept"), [("01 99 00 12 34", "0199001234"), ("970000000", "0970000000")])
def test_a_landline_is_told_from_a_mobile(typed, kept):
    found = read_phone(typed)
    assert (found.number, found.mobile) == (kept, False)


@pytest.mark.parametrize("typed", SEVERAL)
def test_two_numbers_are_told_as_two(typed):
    with pytest.raises(ValueRefused) as refusal:
        read_phone(typed)
    assert refusal.value.reason == "phone_several"


@pytest.mark.parametrize("typed", NONSENSE)
def test_a_number_that_nobody_has_is_refused(typed):
    with pytest.raises(ValueRefused) as refusal:
        read_phone(typed)
    assert refusal.value.reason == "phone_wrong"
    assert find_phone(typed) is None


NUMBERS = st.text("0123456789+ ./-()", min_size=4, max_size=20) | st.from_regex(r"(\+|00)(33|377|32|687)[0-9]{6,10}")


@settings(deadline=None, max_examples=400)
@given(NUMBERS | st.text(max_size=120))
def test_what_was_read_is_read_back_the_same(typed):
    found = find_phone(typed)
    if found:
        assert read_phone(found.number) == found
        assert read_phone(found.number.replace("+", "00", 1)) == found, "as a file writes it"


@pytest.mark.parametrize("sign", ["0", "+", "6 ", "(", "/", "ou ", "é", "٣", ",0"])
def test_a_long_text_is_refused_at_once(sign):
    began = perf_counter()
    for size in (99, 100, 101, 200_000):
        assert find_phone((sign * size)[:size]) is None
    assert perf_counter() - began < 1


def test_no_other_page_waits_for_the_tables_of_the_libraries():
    """The web function's cold start imports every handler, and neither library."""
    read_all = "import sys, app; print([name for name in ('phonenumbers', 'email_validator') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", read_all], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
