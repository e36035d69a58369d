"""Which passwords are refused and why, for a family of the demo town."""

import pytest

from chalicelib.services.authentication.password_rules import own_forms, review
from chalicelib.wording.passwords import ADVICE

TOWN = ("Saint-Aubin-les-Pins", "06990", "mairie", "cantine", "famille", "guichet", "portail")
FAMILY = ("Dupont", "Camille", "Léo", "1 place de la Pinède", "100001", "06 12 34 56 78", "14/03/2015")
OWN_WORDS = TOWN + FAMILY


@pytest.mark.parametrize(
    "password",
    [
        "Portail-Demo-2026",
        "cheval-violon-tarte-lampe",
        "Kx9$vR2m!pQz",
        "bmxzfqjwrtkd",
        "le chat mange la souris",
        "œuf à la coque près du phare",
        "ぱすわーどはとてもながいです",
        "Ж" + "щдгыюпбмзхцф",
        "zq" * 3 + "é" + "K7!vwmpt-xR2d" * 9,
    ],
)
def test_long_enough_and_hard_to_guess_is_accepted(password: str) -> None:
    assert review(password, own_words=OWN_WORDS) == []


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("x8!kQ2zR#", ["too_short"]),
        ("x8!kQ2", ["too_short"]),
        ("camille", ["too_short", "own_words"]),
        ("grenouille", ["too_short", "common_words"]),
        ("motdepasse123", ["common_password", "sequence"]),
        ("azertyuiop12", ["keyboard"]),
        ("qsdfghjklmwxcvbn", ["keyboard"]),
        ("aaaaaaaaaaaa", ["frequent", "repeated"]),
        ("chouquettechouquette", ["repeated"]),
        ("abcdefghijklmnop", ["frequent", "sequence"]),
        ("liberteegalite", ["common_words"]),
        ("Marseille2025", ["names", "dates"]),
        ("E" + "\u0301" * 12, ["guessable"]),
        ("\u0301" * 12, ["guessable"]),
        ("", ["too_short"]),
    ],
)
def test_what_everyone_tries_first_is_refused_and_told_why(password: str, reasons: list[str]) -> None:
    refusal = review(password, own_words=OWN_WORDS)
    assert refusal[: len(reasons)] == reasons


@pytest.mark.parametrize(
    "password",
    [
        "SaintAubin06990",
        "saint-aubin-06990",
        "Saint-Aubin-les-Pins",
        "Saint-Aubin-les-Pins-2026",
        "SaintAubinLesPins!",
        "PortailFamille2026",
        "CamilleDupont",
        "CamilleLeo2015",
        "Camille14032015",
        "0612345678Leo",
        "placedelapinede",
        "C@m1lle2014!",
        "tnopuD-ellimaC",
        "LÉO-DUPONT-2015",
    ],
)
def test_words_of_the_family_and_of_the_town_are_worth_nothing(password: str) -> None:
    assert "own_words" in review(password, own_words=OWN_WORDS)


def test_another_towns_name_and_postcode_are_weak_only_where_they_are_known() -> None:
    assert review("Chaumesnil-le-Vieux", own_words=OWN_WORDS) == []
    assert review("Chaumesnil-le-Vieux", own_words=("Chaumesnil-le-Vieux",)) == ["own_words"]


def test_ways_of_hiding_a_word_are_named() -> None:
    assert review("C@m1lle2014!", own_words=OWN_WORDS) == ["own_words", "substitutions"]
    assert review("tnopudcamille", own_words=OWN_WORDS) == ["own_words", "reversed"]


@pytest.mark.parametrize(("length", "reasons"), [(11, ["too_short"]), (12, []), (128, []), (129, ["too_long"])])
def test_length_goes_from_twelve_to_a_hundred_and_twenty_eight_characters(length: int, reasons: list[str]) -> None:
    assert review(("Kx9$vR2m!pQz-wT4h" * 8)[:length], own_words=OWN_WORDS) == reasons


def test_accent_counts_for_one_character_however_it_is_typed() -> None:
    assert review("e\u0301" * 64 + "Kx9$vR2m!pQz" * 6, own_words=()) == ["too_long"]
    assert "too_long" not in review("e\u0301" * 128, own_words=())


@pytest.mark.parametrize("sign", ["㎏", "ﬁ", "½", "ﷺ", "\ufb2c", "\U0001f98a"])
def test_character_that_is_hashed_as_several_counts_for_one(sign: str) -> None:
    rest = "Kx9$vR2m!pQz-wT4h"
    assert review(rest + sign * (128 - len(rest)), own_words=()) == []
    assert review(rest + sign * (129 - len(rest)), own_words=()) == ["too_long"]
    assert review(sign + rest[:10], own_words=())[0] == "too_short"


def test_one_familys_words_are_forgotten_for_the_next() -> None:
    assert review("Zorglubine-Wq8", own_words=["Zorglubine"]) != []
    assert review("Zorglubine-Wq8", own_words=[]) == []


def test_own_words_are_known_in_each_way_of_writing_them() -> None:
    forms = own_forms(["Saint-Aubin", "Léo", "14/03/2015", "L'Œillet", "de"])
    assert {"saintaubin", "saint-aubin", "saint aubin", "saint", "aubin"} <= forms
    assert {"leo", "14032015", "14-03-2015", "2015", "oeillet", "loeillet"} <= forms
    assert "de" not in forms


def test_every_reason_has_its_advice() -> None:
    from chalicelib.services.authentication.password_rules import REASONS

    others = {"too_short", "too_long", "frequent", "guessable", "substitutions", "reversed"}
    assert others | set(REASONS.values()) == set(ADVICE)
