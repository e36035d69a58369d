"""What is said alike, in French, has one sound."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.search.folding import words_of
from chalicelib.domain.search.sounding import RULES, sound

ALIKE = """
    Lefèvre Lefebvre Lefeuvre
    Dupont Dupond Dupon
    Nguyen Ngyen
    Philippe Filipe
    Christophe Kristof
    Pineau Pinault Pinot
    Renaud Renault Reno
    Thibault Thibaud Tibo
    Gauthier Gautier Gotier
    Mathieu Matthieu Matieu
    Lecomte Leconte Lecompte
    Meyer Mayer Maier
    Leroy Leroi
    Schmidt Schmitt Schmit
    Laurent Lauran
    Guillot Guyot
    Guillaume Guyaume
    Georges George Jorge
    Djamel Jamel
    Khadija Kadija
    Lecoeur Lequeur
    Faure Faur
    Petit Petits Petite
    Roux Rou
    Marc Mark
    Becker Beker
    Bernard Bernart
    Watteau Vatteau
    Fabien Fabian
    Cécile Sésile
    Leblanc Leblan
    Mallet Malet
    Gonzales Gonsalez Gonzalez
    Chérif Shérif
    Agnès Anès
    Girard Jirard
    Rousseau Rouso
    Monnier Monier
    Clément Clémant
    Germain Germin
    Yannick Yanik
    Sylvie Silvi
    Roger Rogé
    Lemoine Lemoin
    Simpson Sinpson
    Yacoub Yacoob
    Martinez Martines
    Maxime Makcime
"""


def sounds(names):
    return {sound(words_of(name)[0]) for name in names}


@pytest.mark.parametrize("names", [line.split() for line in ALIKE.strip().splitlines()], ids="-".join)
def test_names_that_are_said_alike_have_one_sound(names):
    (one,) = sounds(names)
    assert one


def test_the_most_common_names_keep_each_a_sound_of_its_own():
    common = (
        "Martin Bernard Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand "
        "Morel Fournier Girard Bonnet Dupont Lambert Rousseau Vincent Muller Lefort Faure Mercier Blanc Guerin "
        "Boyer Garnier Chevalier Francois Legrand Gauthier Garcia Perrin Robin Clement Morin Nicolas Henry Roussel "
        "Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noel Dufour Diallo Traore Benali Nguyen"
    ).split()
    shared = [
        name for name in common if sum(sound(words_of(other)[0]) == sound(words_of(name)[0]) for other in common) > 1
    ]
    assert shared == ["Gauthier", "Gautier"], "which are the same name"


@pytest.mark.parametrize("word", ["le", "d", "612345678", "jean.dupont", "Ωμεγα", ""])
def test_what_is_no_name_of_plain_letters_has_no_sound(word):
    assert sound(word) == ""


def test_there_are_about_forty_rules_and_each_is_needed(monkeypatch):
    assert 30 <= len(RULES) <= 45
    lines = [line.split() for line in ALIKE.strip().splitlines()]
    idle = []
    for place, (pattern, _) in enumerate(RULES):
        monkeypatch.setattr("chalicelib.domain.search.sounding.RULES", RULES[:place] + RULES[place + 1 :])
        sound.cache_clear()
        if all(len(sounds(names)) == 1 for names in lines):
            idle.append(pattern.pattern)
    sound.cache_clear()
    assert idle == []


@given(st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=40))
def test_any_word_has_a_sound_of_at_most_a_few_letters_more(word):
    assert len(sound(word)) <= 2 * len(word)
