"""Typed cells as text: the shortest decimal, zeros given back where one reading is possible, the rest told."""

from datetime import date, datetime, time, timedelta

import pytest

from chalicelib.importing import accounts, children, invoices, settlements
from chalicelib.importing.rows import CellRefused
from chalicelib.importing.workbook_cells import kinds, text_of, texts_of
from chalicelib.wording import workbooks


def test_every_column_of_the_town_s_files_has_its_kind():
    parsers = accounts.PARSERS | children.PARSERS | invoices.HEADER | invoices.LINE | settlements.PARSERS
    assert set(parsers) - set(kinds()) == set()


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (57.0, "montant", "57"),
        (57.1, "montant", "57,1"),
        (-0.3333, "prix_unitaire", "-0,3333"),
        (1e14, "numero", "100000000000000"),
        (169165.0, "numero", "169165"),
        (3, "classe", "3"),
        (2.5, "classe", "2,5"),
        (True, "prelevement", "oui"),
        (False, "prelevement", "non"),
        (date(2026, 6, 24), "date_emission", "2026-06-24"),
        (datetime.fromisoformat("2026-06-24T14:30:00"), "date_emission", "2026-06-24 14:30:00"),
        (date(2026, 6, 24), "Transaction du", "2026-06-24"),
        (6990.0, "code_postal", "06990"),
        (75011.0, "code_postal", "75011"),
        (639982775.0, "telephone_mobile", "0639982775"),
        (33639982775.0, "telephone_fixe", "+33639982775"),
        (" Zoé ", "nom", " Zoé "),
        ("", "montant", ""),
    ],
)
def test_a_cell_becomes_the_text_that_was_meant(value, column, text):
    assert text_of(value, column) == text


@pytest.mark.parametrize(
    ("value", "column", "reason"),
    [
        (0.1 + 0.2, "montant", workbooks.MANY_DECIMALS),
        (1e-7, "quantite", workbooks.MANY_DECIMALS),
        (1e15, "numero", workbooks.LONG_NUMBER),
        (float("inf"), "montant", workbooks.LONG_NUMBER),
        (float("nan"), "montant", workbooks.LONG_NUMBER),
        (46183.0, "date_emission", workbooks.NUMBER_FOR_A_DAY),
        (39982775.0, "telephone_mobile", workbooks.PHONE_AS_A_NUMBER),
        (True, "nom", workbooks.TRUTH_IN_CELL),
        (date(2026, 10, 1), "periode", workbooks.DAY_IN_CELL),
        (date(2026, 5, 2), "quantite", workbooks.DAY_IN_CELL),
        (time(8, 30), "libelle", workbooks.HOUR_IN_CELL),
        (timedelta(hours=30), "quantite", workbooks.HOUR_IN_CELL),
        ("#N/A", "ligne_2", workbooks.ERROR_CELL),
        (" #REF! ", "nom", workbooks.ERROR_CELL),
    ],
)
def test_what_may_be_read_in_several_ways_is_told(value, column, reason):
    with pytest.raises(CellRefused) as refusal:
        text_of(value, column)
    assert refusal.value.reason == reason


def test_a_postcode_of_another_country_has_lost_no_zero():
    header = ["code_postal", "pays"]
    assert texts_of([1000.0, "Belgique"], header) == (["1000", "Belgique"], [])
    assert texts_of([1000.0, "France"], header) == (["01000", "France"], [])
    assert texts_of([1000.0], header) == (["01000"], [])


def test_a_postcode_without_country_lost_a_zero_unless_its_town_is_abroad():
    header = ["code_postal", "commune"]
    assert texts_of([1000.0, "Bruxelles"], header) == (["1000", "Bruxelles"], [])
    assert texts_of([1000.0, "Bourg-en-Bresse"], header) == (["01000", "Bourg-en-Bresse"], [])
    assert texts_of([float("nan"), "Bruxelles"], header)[1] == [(0, workbooks.LONG_NUMBER)]


def test_each_refused_cell_keeps_its_place():
    assert texts_of(["a", 0.123456, True], ["nom", "montant", "prenom"])[1] == [
        (1, workbooks.MANY_DECIMALS),
        (2, workbooks.TRUTH_IN_CELL),
    ]


@pytest.mark.parametrize("number", [32470123456, 37793151234, 352621123456])
def test_a_number_of_a_neighbouring_country_that_lost_its_plus_has_it_again(number):
    assert text_of(float(number), "telephone_mobile") == f"+{number}"
