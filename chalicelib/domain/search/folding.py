"""Folds texts into words that are compared letter by letter: no accents, no capitals, no apostrophes or hyphens."""

import re
import unicodedata

LONGEST_WORD = 40
"""Characters of a folded word; the rest is not compared."""

SEPARATE_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"})
"""Letters that Unicode does not decompose into a letter and its accent."""

PART = re.compile(r"[^\W_]+")
EDGES = re.compile(r"^[\W_]+|[\W_]+$")
PHONE_DIGITS = 9
"""The digits of a French telephone after its 0 or its +33."""


def fold(text: str) -> str:
    """Returns the text in lower case without accents; spaces and punctuation stay."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(one for one in spread if not unicodedata.combining(one)).translate(SEPARATE_LETTERS)


def words_of(text: str) -> tuple[str, ...]:
    """« d’Artagnan » → d, artagnan, dartagnan: the parts of each word, then the whole of one that has several."""
    found: dict[str, None] = {}
    for chunk in fold(text).split():
        parts = PART.findall(chunk)
        whole = ["".join(parts)] if len(parts) > 1 else []
        found |= dict.fromkeys(word[:LONGEST_WORD] for word in (*parts, *whole))
    return tuple(found)


def literal(text: str) -> str:
    """Returns an identifier or an e-mail as one word, its punctuation inside kept: « jean.dupont »."""
    whole = EDGES.sub("", "".join(fold(text).split()))
    return EDGES.sub("", whole[:LONGEST_WORD])  # where it is cut may be within punctuation


def phone_word(number: str) -> str:
    """Returns the last nine digits: what « 06 12 34 56 78 » and « +33 6 12 34 56 78 » have in common."""
    return "".join(one for one in number if one.isascii() and one.isdigit())[-PHONE_DIGITS:]
