"""Countries: their names, codes and numbers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account import Address
from chalicelib.domain.country import FRANCE, UNKNOWN, comparable, countries, country_name, country_number, find_country

HOME = Address(line_1="12 allée des Mûriers", postcode="06990", town="Saint-Aubin-les-Pins")


def test_every_country_has_its_own_letters_digits_and_name():
    listed = list(countries().values())
    assert all(re.fullmatch(r"[A-Z]{2}", one.code) and re.fullmatch(r"[0-9]{3}", one.number) for one in listed)
    for values in (
        {one.code for one in listed},
        {one.number for one in listed},
        {comparable(one.name) for one in listed},
    ):
        assert len(values) == len(listed) > 200
    assert [comparable(one.name) for one in listed] == sorted(comparable(one.name) for one in listed)


def test_a_country_is_found_by_the_name_that_is_written_of_it():
    for one in countries().values():
        assert find_country(one.name) == find_country(one.name.upper()) == find_country(one.code) == one.code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Belgique", "BE"), ("BELGIQUE", "BE"), ("be", "BE"), ("cote d'ivoire", "CI"), ("Côte d’Ivoire", "CI"),
        ("La Réunion", FRANCE), ("Guadeloupe", FRANCE), ("re", FRANCE), ("Principauté de Monaco", "MC"),
        ("ETATS UNIS", "US"), ("Syldavie", None), ("", None), ("12", None),
    ],
)  # fmt: skip
def test_other_names_are_understood(written, code):
    assert find_country(written) == code


@given(st.text())
def test_no_text_stops_the_search(written):
    assert find_country(written) in {None, *countries()}


def test_the_country_is_the_last_line_in_capitals_only_abroad():
    belgian = Address(line_1="8 rue Haute", postcode="1000", town="Bruxelles", country="BE")
    assert belgian.lines == ("8 rue Haute", "1000 Bruxelles", "BELGIQUE")
    assert HOME.lines == ("12 allée des Mûriers", "06990 Saint-Aubin-les-Pins")
    assert belgian.model_copy(update={"country": UNKNOWN}).lines == ("8 rue Haute", "1000 Bruxelles")
    irish = Address(line_1="1 Quay", postcode="", town="Dublin", country="IE")
    assert irish.lines == ("1 Quay", "Dublin", "IRLANDE")


def test_an_address_in_france_is_stored_as_it_always_was():
    stored = {"line_1": HOME.line_1, "line_2": "", "postcode": HOME.postcode, "town": HOME.town}
    assert HOME.model_dump(mode="json") == stored
    assert Address.model_validate(stored) == HOME
    abroad = HOME.model_copy(update={"country": "BE"})
    assert Address.model_validate(abroad.model_dump(mode="json")) == abroad


@pytest.mark.parametrize(
    ("stored", "imported", "kept"),
    [
        (HOME, {"postcode": "6990", "country": UNKNOWN}, True),
        (HOME, {"postcode": "6990", "country": UNKNOWN, "line_1": "3 rue des Lilas"}, False),
        (HOME, {"postcode": "6991", "country": UNKNOWN}, False),
        (
            HOME.model_copy(update={"postcode": "D02 AF30", "country": "IE"}),
            {"postcode": "D02 AF30", "country": UNKNOWN},
            True,
        ),
        (HOME.model_copy(update={"postcode": "1000", "country": "BE"}), {"postcode": "1000", "country": "CH"}, False),
    ],
)
def test_an_address_of_a_country_not_said_is_the_stored_one_where_it_may_be(stored, imported, kept):
    new = HOME.model_copy(update=imported)
    assert new.completed_by(stored) == (stored if kept else new)


def test_a_country_that_no_list_has_is_shown_as_none_and_sent_as_france():
    assert (country_name("ZZ"), country_number("ZZ", "1000")) == ("", "250")
