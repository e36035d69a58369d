"""zxcvbn as it was taught: French lists in order, an AZERTY keyboard, and no password that takes seconds to judge."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.services.authentication.password_strength import (
    AZERTY,
    LISTS,
    SCORED_CHARACTERS,
    best_ranks,
    french_zxcvbn,
    keyboard_graph,
    load_list,
    measure,
    without_accents,
)


@pytest.mark.parametrize(("name", "at_least"), [("french_words", 40_000), ("french_names", 10_000)])
def test_list_is_in_lower_case_without_accents_or_doubles(name: str, at_least: int) -> None:
    text = (LISTS / f"{name}.txt").read_text("utf-8")
    words = text.split()
    assert len(words) == len(set(words)) >= at_least
    assert text == without_accents(text).lower()
    assert min(map(len, words)) >= 3


def test_commonest_words_and_names_come_first() -> None:
    words, names = load_list("french_words"), load_list("french_names")
    assert words["pour"] < words["bonjour"] < words["chouette"] < words["chocolats"]
    assert names["camille"] < names["zuliani"]


def test_lists_travel_with_their_notices() -> None:
    assert "Permission is hereby granted" in (LISTS / "LICENSE.txt").read_text("utf-8")
    assert "ODC-BY" in (LISTS / "NOTICE.md").read_text("utf-8")


def test_keyboard_knows_what_surrounds_a_key() -> None:
    graph = keyboard_graph(AZERTY)
    assert graph["s"] == graph["S"] == ["qQ", "zZ", "eE", "dD", "xX", "wW"]
    assert graph["a"] == [None, "11", "22", "zZ", "qQ", None]


def test_word_takes_its_best_rank() -> None:
    assert best_ranks({"lune": 40, "mer": 2}, {"lune": 7, "ciel": 9}) == {"lune": 7, "mer": 2, "ciel": 9}


@pytest.mark.parametrize(
    ("typed", "judged"), [("Éléonore", "Eleonore"), ("E\u0301te\u0301", "Ete"), ("cœur", "coeur"), ("l’été", "l'ete")]
)
def test_accents_and_ligatures_are_left_out(typed: str, judged: str) -> None:
    assert without_accents(typed) == judged


def test_year_of_these_days_is_recognised() -> None:
    assert [match.get("dictionary_name") for match in measure("xk2026", ()).matches] == [None, "years"]


def test_empty_text_is_worth_nothing() -> None:
    assert measure("", ()).score == 0


def test_judging_two_families_at_once_does_not_mix_their_words() -> None:
    def weak(name: str) -> int:
        return measure(f"{name}-Wq8z", [name.lower()]).score

    names = ["Zorglubine", "Trifouillette", "Bramefontaine", "Quenouillard"] * 5
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(weak, names)) <= {1, 2}


def test_long_password_of_signs_is_tried_in_few_ways() -> None:
    french_zxcvbn()
    from zxcvbn import matching

    signs = "4@8({[<3691!|70$5+%2" * 4
    table = matching.relevant_l33t_subtable(signs[:SCORED_CHARACTERS], matching.L33T_TABLE)
    assert len(matching.enumerate_l33t_subs(table)) <= 32
    assert len(matching.RANKED_DICTIONARIES) <= 6


def test_pages_without_a_new_password_do_not_pay_for_zxcvbn() -> None:
    program = "import sys, chalicelib.services.authentication.password_rules; sys.exit('zxcvbn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
