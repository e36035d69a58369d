"""The advice as a parent reads it."""

import re

import pytest

from chalicelib.wording.passwords import ADVICE, WHAT_TO_DO, advice


@pytest.mark.parametrize("sentence", [*ADVICE.values(), WHAT_TO_DO])
def test_advice_is_one_french_sentence_with_its_typography(sentence: str) -> None:
    assert sentence.endswith(".")
    assert "'" not in sentence
    assert not re.search(r"[ ][:;!?»]|«[ ]", sentence)


def test_advice_says_the_main_reasons_then_what_to_do() -> None:
    text = advice(["own_words", "dates"])
    assert text == f"{ADVICE['own_words']} {ADVICE['dates']} {WHAT_TO_DO}"


def test_no_more_than_three_reasons_are_given() -> None:
    assert ADVICE["names"] not in advice(["too_short", "own_words", "dates", "names"])


def test_password_that_is_too_long_needs_no_other_words() -> None:
    assert advice(["too_long"]) == "Choisissez au plus 128 caractères."


def test_accepted_password_gets_no_advice() -> None:
    assert advice([]) == ""
