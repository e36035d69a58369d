"""What is asked, and which answers are taken."""

import hashlib
from collections import Counter

import pytest
from pydantic import ValidationError

from chalicelib.captcha.challenge import ALPHABET, DIGITS, Challenge, accepts, challenge_of

ASKED = Challenge(letters="K7RTE", digits="04821")


@pytest.mark.parametrize(
    "answer",
    [
        "K7RTE",
        "k7rte",
        " K7RTE ",
        "K 7 R T E",
        "K7\u00a0RTE",
        "\u202fk7r\u2009te\u200b",
        "\ufeffK7RTE\u2060",
        "K7\tRTE\r\n",
        "K7\u00adRTE",
        "\u200eK7R\ufe0fTE",
        "Ｋ７ＲＴＥ",
        "04821",
        "0 48 21",
        "04\u00a0821\u200d",
    ],
)
def test_either_answer_is_taken_whatever_its_case_and_spaces(answer: str) -> None:
    assert accepts(ASKED, answer)


@pytest.mark.parametrize(
    "answer",
    ["", " ", "\u200b", "K7RT", "K7RTEE", "ETR7K", "04820", "4821", "K7RTE04821", "K7821", "É7RTE", "K7-RTE", "\ud800"],
)
def test_anything_else_is_refused(answer: str) -> None:
    assert not accepts(ASKED, answer)


def test_nothing_answers_a_challenge_that_shows_nothing() -> None:
    assert not accepts(Challenge(letters=" ", digits=""), "")


def secrets_of(most: int) -> list[bytes]:
    return [hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(most)]


def test_challenge_holds_five_characters_of_each_kind() -> None:
    for challenge in map(challenge_of, secrets_of(200)):
        assert (len(challenge.letters), len(challenge.digits)) == (5, 5)
        assert set(challenge.letters) <= set(ALPHABET)
        assert set(challenge.digits) <= set(DIGITS)


def test_a_secret_gives_one_challenge_always_and_another_one_another() -> None:
    for read in (lambda one: one.letters, lambda one: one.digits):
        assert [read(challenge_of(one)) for one in secrets_of(20)] == [
            read(challenge_of(one)) for one in secrets_of(20)
        ]
    assert len({challenge_of(one).letters for one in secrets_of(50)}) == 50


def test_every_character_is_asked_at_every_place_about_as_often() -> None:
    challenges = [challenge_of(one) for one in secrets_of(5000)]
    for place in range(5):
        letters = Counter(one.letters[place] for one in challenges)
        digits = Counter(one.digits[place] for one in challenges)
        assert set(letters) == set(ALPHABET)
        assert all(130 < times < 270 for times in letters.values()), "200 of each, give or take"
        assert all(400 < digits[one] < 600 for one in DIGITS), "500 of each"


def test_alphabet_has_none_of_the_characters_that_are_confused() -> None:
    assert not set(ALPHABET) & set("01258OIQZSG")
    assert ALPHABET == ALPHABET.upper()
    assert len(ALPHABET) == len(set(ALPHABET)) == 25


def test_rehearsal_may_fix_the_answer_of_the_picture_and_of_the_sound() -> None:
    challenge = challenge_of(bytes(32), fixed="Essai")
    assert challenge == Challenge(letters="Essai", digits="Essai")
    assert accepts(challenge, "ESSAI")


def test_challenge_cannot_be_changed_once_shown() -> None:
    with pytest.raises(ValidationError):
        ASKED.letters = "AAAAA"
