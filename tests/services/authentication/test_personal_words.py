"""What a guesser knows of a family."""

from chalicelib.services.authentication.password_rules import own_words
from chalicelib.stage_settings import load_town
from tests.support.people import CHILDREN, DUPONT, MARTIN

TOWN = load_town("saint-aubin-les-pins")


def test_names_address_children_and_town_are_the_family_s_own_words():
    words = own_words(DUPONT, CHILDREN, TOWN)
    for word in ("dupont", "Éloïse", "12 allée des Mûriers", "dupont@example.org", "Noé", "École des Pins", "cantine"):
        assert word in words


def test_birthdays_are_known_as_people_write_them():
    words = own_words(DUPONT, CHILDREN, TOWN)
    assert {"01032018", "010318", "01/03/2018", "2018"} <= set(words)


def test_what_is_not_known_leaves_no_empty_word():
    words = own_words(MARTIN, None, TOWN)
    assert all(words)
    assert "martin" in words
