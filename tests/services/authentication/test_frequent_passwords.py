"""The filter of the most frequent long passwords: it forgets none of them, and mistakes next to no other for one."""

import random
import string

import pytest

from chalicelib.services.authentication.frequent_passwords import FILTER, is_frequent, make_filter, positions
from chalicelib.services.authentication.password_rules import review
from tests.support.choosing_passwords import NEW
from tests.support.people import PASSWORD
from tools.make_frequent_passwords import main, most_frequent

KNOWN = ("qwertyqwerty", "123456789012", "1qaz2wsx3edc", "iloveyouforever", "motherfucker", "chickenwing101")


@pytest.mark.parametrize("password", KNOWN)
def test_first_passwords_of_the_lists_are_known_in_any_case(password):
    assert is_frequent(password)
    assert is_frequent(password.upper())
    assert is_frequent(password.replace("o", "ô"))
    assert not is_frequent(password + " tornade")


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "Portail-Demo-2026", "cheval-violon-tarte-lampe", "", "\ud800" * 12]
)
def test_what_nobody_else_chose_is_not(password):
    assert not is_frequent(password)


def test_others_are_mistaken_less_than_once_in_ten_thousand():
    draw = random.Random(20260610)  # noqa: S311 - the same each time, and no secret
    tried = ["".join(draw.choices(string.ascii_lowercase + string.digits, k=14)) for _ in range(100_000)]
    assert sum(map(is_frequent, tried)) < 10


def test_filter_is_small_and_half_full():
    bits = FILTER.read_bytes()
    assert len(bits) == 250_000
    assert 0.49 < sum(map(int.bit_count, bits)) / (8 * len(bits)) < 0.52


def test_filter_holds_all_that_it_was_made_of():
    passwords = [f"mot de passe {number}" for number in range(500)]
    bits = make_filter(passwords)
    assert all(bits[one >> 3] >> (one & 7) & 1 for password in passwords for one in positions(password))


@pytest.mark.parametrize("password", KNOWN)
def test_refusal_says_why_before_anything_else(password):
    assert review(password, own_words=())[0] == "frequent"


def test_short_one_is_told_to_be_short():
    assert review("password", own_words=())[0] == "too_short"


@pytest.fixture
def lists(tmp_path):
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_bytes(b"court\r\nPremier-de-tous\r\n\xff\xfe inconnu inconnu\r\ndeuxieme-de-a\n")
    second.write_bytes("premier-de-tous\ndeuxième-de-bé\n".encode())
    return [first, second]


def test_lists_are_read_side_by_side_long_ones_alone_each_once(lists):
    assert most_frequent(lists) == {"premier-de-tous": 0, "deuxieme-de-a": 0, "deuxieme-de-be": 1}


def test_tool_writes_the_filter_and_says_how_many_came_from_where(lists, tmp_path, capsys):
    main(tmp_path, lists)
    assert (tmp_path / FILTER.name).read_bytes() == make_filter(["premier-de-tous", "deuxieme-de-a", "deuxieme-de-be"])
    assert capsys.readouterr().out == "a.txt: 2\nb.txt: 1\n3 passwords\n"
