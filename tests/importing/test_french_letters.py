"""What could be a word, what could hardly be one, and what only another encoding would show."""

import pytest

from chalicelib.importing.french_letters import IMPOSSIBLE, NATURAL, STRANGE, doubt_of


@pytest.mark.parametrize(
    "word",
    [
        "Lefèvre", "Zoé", "ÉCOLE", "école", "l’église", "Le Floc’h", "L’Haÿ-les-Roses", "cœur", "Müller", "Núñez",
        "João", "Conceição", "Søren", "Straße", "HéLèNE", "n°", "12€", "«Été»", "m²", "agent·e", "à", "2è", "Hoàng",
    ],
)  # fmt: skip
def test_words_of_french_towns_are_natural(word):
    assert doubt_of(word) == NATURAL


@pytest.mark.parametrize(
    "word",
    [
        "Ècole",
        "Úcole",
        "NÓmes",
        "REN…",
        "Franáois",
        "Noâl",
        "Garc’a",
        "Ó",
        "12á",
        "Erdıs",
        "Vanÿk",
        "Kïrösi",
        "Woüniak",
    ],
)
def test_words_that_no_language_has_are_strange(word):
    assert doubt_of(word) == STRANGE


@pytest.mark.parametrize(
    "word",
    [
        "ZoÇ", "Lef\u0160vre", "Zo‚", "No\ufffdl", "Zo╔", "caf€s", "Ren\x8e", "1á2", "NoÃ«l", "Zo√©", "Franìois",
        "Loãc", "½uvre", "Dvoøák", "ªtefan", "Èapek", "Kuèera", "Rùžièka", "Kamiñski", "Mãgureanu", "Erdõs",
        "Petroviæ", "Wiœniewski", "Doðan", "Ayþe", "Yýldýz", "Szûcs", "Wêgrzyn", "©tefan",
    ],
)  # fmt: skip
def test_words_that_only_a_wrong_encoding_shows_are_impossible(word):
    assert doubt_of(word) == IMPOSSIBLE
