"""Postcodes and countries as people write them, in a form or in a file."""

import csv
import re
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.contact.postal_address import BORDER_TOWNS, SHAPES, read_country, read_place
from chalicelib.domain.country import FRANCE, UNKNOWN, countries
from chalicelib.errors import ValueRefused


@pytest.mark.parametrize(
    ("typed", "town", "place"),
    [
        ("06990", "Saint-Aubin-les-Pins", ("06990", "FR")),
        ("06 990", "Saint-Aubin-les-Pins", ("06990", "FR")),
        ("F-06990", "", ("06990", "FR")),
        ("０６９９０", "", ("06990", "FR")),
        ("97400", "Saint-Denis", ("97400", "FR")),
        ("98800", "Nouméa", ("98800", "FR")),
        ("98000", "Monaco", ("98000", "MC")),
        ("MC-98000", "", ("98000", "MC")),
        ("1000", "Bruxelles", ("1000", "BE")),
        ("1000", "BRUXELLES", ("1000", "BE")),
        ("B-7500", "", ("7500", "BE")),
        ("L-1234", "Luxembourg", ("L-1234", "LU")),
        ("l 1234", "", ("L-1234", "LU")),
        ("1234", "Luxembourg", ("L-1234", "LU")),
        ("1201", "Genève", ("1201", "CH")),
        ("CH-1201", "", ("1201", "CH")),
        ("AD500", "Andorre-la-Vieille", ("AD500", "AD")),
        ("500", "Andorra la Vella", ("AD500", "AD")),
        ("66111", "Sarrebruck", ("66111", "DE")),
        ("66111", "Perpignan", ("66111", "FR")),
        ("18039", "Vintimille", ("18039", "IT")),
        ("18000", "Bourges", ("18000", "FR")),
        ("08001", "Barcelone", ("08001", "ES")),
        ("26120", "Barcelonne", ("26120", "FR")),
        ("6990", "Saint-Aubin-les-Pins", ("6990", UNKNOWN)),
        ("1000", "Ailleurs", ("1000", UNKNOWN)),
        ("9999", "Bruxelles", ("9999", UNKNOWN)),
        ("sw1a 1aa", "Londres", ("SW1A 1AA", UNKNOWN)),
    ],
)
def test_without_a_country_the_postcode_and_the_town_tell_it(typed, town, place):
    assert read_place(typed, town, None) == place


@pytest.mark.parametrize("typed", ["", "-", "néant", "6", "NICE", "0" * 11, "(06990)", "06990 Nice (06)"])
def test_what_is_no_postcode_anywhere_is_refused(typed):
    with pytest.raises(ValueRefused) as refusal:
        read_place(typed, "Nice", None)
    assert refusal.value.reason == "postcode_wrong"


@pytest.mark.parametrize(
    ("typed", "country", "place"),
    [
        ("98000", "FR", ("98000", "MC")),
        ("1000", "BE", ("1000", "BE")),
        ("B-1000", "BE", ("1000", "BE")),
        ("1234", "LU", ("L-1234", "LU")),
        ("9490", "LI", ("9490", "LI")),
        ("18039", "IT", ("18039", "IT")),
        ("h2x 1y4", "CA", ("H2X 1Y4", "CA")),
        ("", "IE", ("", "IE")),
    ],
)
def test_a_country_that_was_said_has_its_own_postcodes(typed, country, place):
    assert read_place(typed, "Ailleurs", country) == place


@pytest.mark.parametrize(
    ("typed", "country", "reason"),
    [
        ("6990", "FR", "postcode_wrong"),
        ("L-1234", "FR", "postcode_wrong"),
        ("1000", "FR", "postcode_wrong"),
        ("", "FR", "postcode_wrong"),
        ("06990", "BE", "postcode_abroad_wrong"),
        ("L-1234", "BE", "postcode_abroad_wrong"),
        ("", "CH", "postcode_abroad_wrong"),
        ("06990", "MC", "postcode_abroad_wrong"),
        ("néant", "CA", "postcode_abroad_wrong"),
    ],
)
def test_a_postcode_of_another_country_is_refused(typed, country, reason):
    with pytest.raises(ValueRefused) as refusal:
        read_place(typed, "Bruxelles", country)
    assert refusal.value.reason == reason


def test_a_country_is_read_or_refused():
    assert read_country("Belgique") == "BE"
    with pytest.raises(ValueRefused, match="country_unknown"):
        read_country("Syldavie")


def test_each_listed_town_is_in_a_country_whose_postcodes_are_known():
    with BORDER_TOWNS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    for row in rows:
        assert row["country"] in SHAPES.keys() - {FRANCE}, row
        assert re.fullmatch(r"[0-9]{0,3}", row["start"]), row
        assert all(name == name.strip() != "" for name in row["names"].split(",")), row


POSTCODES = st.from_regex(r"([A-Z]{1,2}[ -]?)?[0-9]{3,6}", fullmatch=True) | st.text(max_size=14)
TOWNS = st.sampled_from(["Bruxelles", "Genève", "Luxembourg", "Andorre", "Vintimille", "Nice"]) | st.text(max_size=12)


@settings(deadline=None, max_examples=400)
@given(POSTCODES, TOWNS, st.none() | st.sampled_from(sorted(countries())))
def test_what_was_read_is_read_back_the_same(typed, town, country):
    try:
        place = read_place(typed, town, country)
    except ValueRefused:
        return
    assert read_place(place.postcode, town, place.country or None) == place


def test_a_long_text_is_refused_at_once():
    began = perf_counter()
    for sign in ("0", "A", " ", "-", "A1 ", "é"):
        with pytest.raises(ValueRefused):
            read_place(sign * 200_000, "Nice", None)
    assert perf_counter() - began < 1
