"""Every way a town writes a day, an amount, a phone; and what is refused."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.account import DeliveryMode
from chalicelib.importing import cells
from chalicelib.importing.rows import CellRefused
from chalicelib.wording import importing as wording


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("57,00", 5700),
        ("57.00", 5700),
        ("57", 5700),
        ("57,5", 5750),
        ("1 234,50", 123450),
        ("1\u00a0234,50", 123450),
        ("1\u202f234,50\u00a0€", 123450),
        ("-12,00", -1200),
        ("−12,00", -1200),
        ("0,00", 0),
        ("0,01", 1),
        ("999999999,99", 99999999999),
    ],
)
def test_an_amount_is_read_to_the_cent(cell, cents):
    assert cells.cents(cell) == cents


@pytest.mark.parametrize(
    "cell", ["57,000", "1.234,50", "1,234.50", "12 34", "1e3", "57,", ",50", "--1", "57 $", "½", "٣", "1234567890", ""]
)
def test_an_amount_that_could_be_misread_is_refused(cell):
    with pytest.raises(CellRefused, match="montant attendu"):
        cells.cents(cell)


@pytest.mark.parametrize(
    "cell",
    [
        *("24/06/2011", "2011-06-24", "24/6/2011"),
        *("24/06/2011 00:00", "24/06/2011  9:05:30", "2011-06-24T00:00:00", "2011-06-24 23:59:59.123456"),
    ],
)
def test_a_day_is_french_or_iso_followed_by_an_hour_or_not(cell):
    assert cells.day(cell) == date(2011, 6, 24)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "31/02/2026",
            "06/24/2011",
            "24/06/11",
            "2011-6-24",
            "0011-06-24",
            "24 juin 2011",
            "24/06/9999",
            "24-06-2011",
        ),
        *("24/06/2011 ce soir", "2011-06-24T22:00:00Z", "2011-06-24T22:00:00+02:00", "24/06/2011 00:00 00:00"),
    ],
)
def test_a_day_that_is_none_is_refused(cell):
    with pytest.raises(CellRefused) as refusal:
        cells.day(cell)
    assert refusal.value.reason == wording.NOT_A_DAY


def test_a_number_whose_page_would_be_another_is_refused_with_a_reason():
    with pytest.raises(CellRefused) as refusal:
        cells.invoice_number("historique")
    assert refusal.value.reason == wording.RESERVED_NUMBER
    assert cells.invoice_number("historique-2") == "historique-2"


@pytest.mark.parametrize("cell", ["", "é1", "1/é", "x" * 21, "1/" + "2" * 19])
def test_a_number_of_other_signs_is_refused(cell):
    with pytest.raises(CellRefused) as refusal:
        cells.invoice_number(cell)
    assert refusal.value.reason == wording.NOT_AN_INVOICE_NUMBER


@pytest.mark.parametrize(("cell", "instead"), [("1/2", "1-2"), ("1 2", "1-2"), ("2026.10/3", "2026-10-3")])
def test_a_number_whose_parts_are_separated_otherwise_is_refused_with_the_one_to_write(cell, instead):
    with pytest.raises(CellRefused) as refusal:
        cells.invoice_number(cell)
    assert refusal.value.reason == wording.number_instead(cell, instead)


def test_a_quantity_is_exact():
    assert [cells.quantity(cell) for cell in ("12", "2,5", "-0.25", "1,3333")] == [
        Decimal("12"),
        Decimal("2.5"),
        Decimal("-0.25"),
        Decimal("1.3333"),
    ]
    with pytest.raises(CellRefused):
        cells.quantity("1,33333")
    assert str(cells.quantity("12")) == "12"


@pytest.mark.parametrize("character", ["\r", "\n", "\x00", "\t", "\x0b", "\x85", "\u2028", "\u2029"])
def test_a_text_that_could_break_a_header_is_refused(character):
    with pytest.raises(CellRefused) as refusal:
        cells.text(f"Zoé{character}Bcc: intrus@example.org")
    assert refusal.value.reason == wording.CONTROL_CHARACTER


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-2", "@SUM(A1)", "<b>Zoé</b>", "{{ 7 * 7 }}", "Łukasz Nguyễn"])
def test_formulas_markup_and_any_latin_name_are_plain_text(cell):
    assert cells.text(cell) == cell


def test_a_text_has_an_end():
    assert cells.text("a" * 200) == "a" * 200
    with pytest.raises(CellRefused, match="200 caractères"):
        cells.text("a" * 201)
    with pytest.raises(CellRefused, match="illisible"):
        cells.text("Zo\ufffd")


def test_several_activities_share_a_cell():
    assert cells.texts("Cantine, Étude ,") == ("Cantine", "Étude")
    assert cells.texts("Loisirs (mercredi, matin)|Étude") == ("Loisirs (mercredi, matin)", "Étude")
    assert cells.texts("") == ()


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.phone, "06 00 00 00 01", "0600000001"),
        (cells.phone, "600000001", "0600000001"),
        (cells.phone, "00 377 93 15 12 34", "+37793151234"),
        (cells.email, "Camille.Dupont@Example.ORG", "camille.dupont@example.org"),
        (cells.country, "BELGIQUE", "BE"),
    ],
)
def test_a_cell_is_read_as_the_forms_read_a_field(read, cell, value):
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "reason"),
    [
        (cells.phone, "06 00 00 00 01 / 04 00 00 00 02", wording.SEVERAL_PHONES),
        (cells.phone, "néant", wording.NOT_A_PHONE),
        (cells.email, "a@example.org, b@example.org", wording.SEVERAL_EMAILS),
        (cells.email, "a.@example.org", wording.NOT_AN_EMAIL),
        (cells.email, "a@example.org\nBcc", wording.CONTROL_CHARACTER),
        (cells.country, "Syldavie", wording.NOT_A_COUNTRY),
    ],
)
def test_what_the_forms_refuse_is_refused_in_the_words_of_files(read, cell, reason):
    with pytest.raises(CellRefused) as refusal:
        read(cell)
    assert refusal.value.reason == reason


def test_choices_have_a_default_and_no_third_way():
    assert [cells.delivery_mode(cell) for cell in ("Courriel", "courrier", "")] == [
        DeliveryMode.EMAIL,
        DeliveryMode.PAPER,
        DeliveryMode.PAPER,
    ]
    assert [cells.yes_or_no(cell) for cell in ("OUI", "non", "")] == [True, False, False]
    for parse in (cells.delivery_mode, cells.yes_or_no):
        with pytest.raises(CellRefused):
            parse("peut-être")
