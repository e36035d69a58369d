"""How words are folded before they are compared."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.search.folding import LONGEST_WORD, fold, literal, phone_word, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Éloïse DUPONT", ("eloise", "dupont")),
        ("d’Artagnan", ("d", "artagnan", "dartagnan")),
        ("d'Artagnan", ("d", "artagnan", "dartagnan")),
        ("Jean-Pierre", ("jean", "pierre", "jeanpierre")),
        ("Cœur Łukasz Æsa Strauß", ("coeur", "lukasz", "aesa", "strauss")),
        ("François Nuñez Çelik", ("francois", "nunez", "celik")),
        ("martin martin", ("martin",)),
        ("St. Martin", ("st", "martin")),
        ("  ", ()),
        ("— ’ -", ()),
        ("12 bis, allée des Mûriers", ("12", "bis", "allee", "des", "muriers")),
    ],
)
def test_a_text_becomes_words_without_accents_capitals_or_signs(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Jean.Dupont@Example.org", "jean.dupont@example.org"),
        ("100001", "100001"),
        ("-dupont_2.", "dupont_2"),
        ("…", ""),
    ],
)
def test_an_identifier_keeps_the_signs_inside_it(text, word):
    assert literal(text) == word


def test_an_identifier_cut_within_its_punctuation_ends_with_a_letter_or_digit():
    assert literal("a" * 39 + "-.-b") == "a" * 39


@pytest.mark.parametrize("number", ["0612345678", "+33612345678", "06 12 34 56 78", "0033 6 12 34 56 78"])
def test_a_telephone_is_its_last_nine_digits(number):
    assert phone_word(number) == "612345678"


@given(st.text())
def test_any_text_is_folded_to_words_that_fold_to_themselves(text):
    for word in words_of(text):
        assert 0 < len(word) <= LONGEST_WORD
        assert not any(sign.isspace() for sign in word)
        assert words_of(word)[0] == word
    assert literal(literal(text)) == literal(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("piece", ["é", "a'", "--", "ﷺ", "0 6 ", "\u0301"])
def test_folding_takes_time_in_proportion_to_the_text(piece):
    def spent(times):
        start = time.process_time()
        words_of(piece * times)
        return time.process_time() - start

    spent(1000)
    assert spent(40_000) < 40 * max(spent(4_000), 0.002)


def test_a_word_that_is_cut_at_a_sign_keeps_no_sign_at_its_end():
    assert literal("a" * 39 + "-b@example.org") == "a" * 39
