"""What agents type: which words are looked for, where, and how well an account answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.search.account_words import Kind, facets_of
from chalicelib.domain.search.query import LONGEST_QUERY, MOST_WORDS, Rank, answer, terms_of
from tests.domain.search.test_account_words import ACCOUNT, FAMILY

FACETS = facets_of(ACCOUNT, FAMILY)


def spellings(typed):
    return [term.spellings for term in terms_of(typed)]


def leads(typed):
    return [lead.prefix for number, term in enumerate(terms_of(typed)) for lead in term.leads(number)]


@pytest.mark.parametrize(
    "typed", ["06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "0612345678", "+33 6 12 34 56 78",
              "+33 (0)6 12 34 56 78", "0033612345678"],
)  # fmt: skip
def test_a_telephone_is_one_word_however_it_is_typed(typed):
    (one,) = terms_of(typed)
    assert one.rank({"612345678"}) is Rank.EXACT


@pytest.mark.parametrize("typed", ["06 12 34", "061234", "06123", "6123"])
def test_the_beginning_of_a_telephone_finds_it(typed):
    (one,) = terms_of(typed)
    assert one.rank({"612345678"}) is Rank.PREFIX


def test_two_numbers_are_not_a_telephone():
    assert spellings("100001 200002") == [(("100001",),), (("200002",),)]
    assert len(spellings("06990 12 rue")) == 3


def test_a_name_with_signs_may_be_written_without_them():
    assert spellings("d’Artagnan") == [(("d", "artagnan"), ("dartagnan",))]
    assert terms_of("dartagnan")[0].rank({"d", "artagnan", "dartagnan"}) is Rank.EXACT
    assert terms_of("Jean Pierre")[0].rank({"jean", "pierre", "jeanpierre"}) is Rank.EXACT
    assert terms_of("jean-pierre")[0].rank({"jeanpierre"}) is Rank.EXACT


def test_an_e_mail_is_looked_for_whole_or_from_its_beginning():
    assert spellings("Eloise.Lefevre@example.org") == [(("eloise.lefevre@example.org",),)]
    assert answer(terms_of("eloise.lefevre")[0], FACETS)[0] is Rank.EXACT
    assert answer(terms_of("eloise.l")[0], FACETS)[0] is Rank.PREFIX


def test_where_to_look_begins_with_the_longest_part_and_goes_on_with_its_sound():
    assert leads("Lefebvre") == ["lefebvre", "~lefevr#"]
    assert leads("O’Brien") == ["brien", "obrien", "~brien#", "~obrien#"]
    assert leads("zoe 12") == ["zoe", "~soe#", "12#"]
    assert leads("d ’ !") == []


def test_a_short_number_finds_only_what_is_exactly_it():
    assert leads("12") == ["12#"]
    assert terms_of("12")[0].rank({"123456"}) is None
    assert terms_of("1234")[0].rank({"123456"}) is Rank.PREFIX


@pytest.mark.parametrize(
    ("typed", "rank", "kind"),
    [
        ("lefevre", Rank.EXACT, Kind.HOLDER),
        ("LEFÈV", Rank.PREFIX, Kind.HOLDER),
        ("lefebvre", Rank.SOUND, Kind.HOLDER),
        ("zoe", Rank.EXACT, Kind.CHILD),
        ("dialo", Rank.SOUND, Kind.CHILD),
        ("f1", Rank.EXACT, Kind.FAMILY),
        ("100001", Rank.EXACT, Kind.USERNAME),
        ("1000", Rank.PREFIX, Kind.USERNAME),
        ("0612345678", Rank.EXACT, Kind.PHONE),
        ("saint-aubin", Rank.EXACT, Kind.TOWN),
        ("muriers", Rank.EXACT, Kind.STREET),
    ],
)
def test_an_account_answers_by_the_best_of_what_it_has(typed, rank, kind):
    found = answer(terms_of(typed)[0], FACETS)
    assert (found[0], found[1].kind) == (rank, kind)


@pytest.mark.parametrize("typed", ["evre", "muriez", "personne"])
def test_the_middle_of_a_word_and_the_sound_of_a_street_find_nothing(typed):
    assert answer(terms_of(typed)[0], FACETS) is None


def test_a_query_has_a_length():
    assert len(terms_of("mot " * 50)) == 1
    assert len(terms_of(" ".join(f"mot{n}" for n in range(50)))) == MOST_WORDS
    assert terms_of(" " * LONGEST_QUERY + "dupont") == ()


@given(st.text())
def test_anything_may_be_typed(typed):
    for number, term in enumerate(terms_of(typed)):
        assert term.spellings
        for lead in term.leads(number):
            assert lead.letters
            assert lead.prefix.startswith(lead.letters)
        answer(term, FACETS)
