"""What a French name sounds like, roughly: Lefèvre and Lefebvre, Dupont and Dupond have one sound.

The rules are applied in order to a folded word. They bring names together that are said alike, and some that are not:
what answers by its sound only is shown last, under the name it really has.
"""

import functools
import re

SHORTEST = 3
"""Letters of a word that has a sound; « le » and « de » have none."""

RULES = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"ph", "f"),  # Philippe
        (r"^ngu?", "n"),  # Nguyen, Ngyen
        (r"^dj", "j"),  # Djamel, Jamel
        (r"ch(?=[lnr])", "k"),  # Christophe
        (r"tch|sch|sh|ch", "1"),  # Tchang, Schmidt, Shérif, Chérif
        (r"[ck]h|ck|q+u?", "k"),  # Khadija, Becker, Lequesne
        (r"h", ""),  # Mathieu, Hélène
        (r"e?au(?:lt|x|d|t)?s?$|(?<=.)o[tdsz]s?$", "o"),  # Thibault, Renaud, Pineau, Guillot
        (r"e?au", "o"),  # Gauthier, Beaumont
        (r"bv", "v"),  # Lefebvre
        (r"ge(?=[ao])", "j"),  # Georges
        (r"gn", "n"),  # Agnès
        (r"g(?=[eiy])", "j"),  # Roger
        (r"s?c(?=[eiy])", "s"),  # Cécile, Pascin
        (r"c", "k"),  # Marc, Mark
        (r"oeu", "eu"),  # Lecoeur, Lequeur
        (r"x(?=.)", "ks"),  # Maxime
        (r"(?<=[^aeou])(?:es?|er|ez)$", ""),  # Faure, Georges, Roger, Gonzales
        (r"[dtpsxz]+$", ""),  # Dupont, Roux, Martinez
        (r"(?<=n)[kgb]$", ""),  # Leblanc, Bourg
        (r"w", "v"),  # Watteau, Vatteau
        (r"ill(?=[aeiouy])", "y"),  # Guillaume, Guyaume
        (r"y", "i"),  # Leroy, Leroi
        (r"(?:ai|ei)[nm](?![aeioumn])", "in"),  # Germain, Germin
        (r"(?<!i)[ea][nm](?![aeioumn])", "an"),  # Laurent, Lauran
        (r"(?<=i)[ea][nm](?![aeioumn])", "en"),  # Fabien, Fabian
        (r"im(?![aeioumn])", "in"),  # Simpson, Sinpson
        (r"om(?![aeioumn])", "on"),  # Lecomte, Leconte
        (r"eu", "e"),  # Lefeuvre
        (r"[ae]i", "e"),  # Maier, Meyer
        (r"oo", "ou"),  # Yacoob, Yacoub
        (r"z", "s"),  # Gonzales, Gonsales
        (r"([a-z1])\1+", r"\1"),  # Mallet, Malet
    )
)


@functools.lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Returns the sound of a folded word; empty for a short one, or one that is not of plain letters alone."""
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
        return ""
    for pattern, said in RULES:
        word = pattern.sub(said, word)
    return word if len(word) > 1 else ""
