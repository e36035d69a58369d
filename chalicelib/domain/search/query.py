"""What an agent types to find a family: its words, where to look for them, and how well an account answers."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from chalicelib.domain.search.account_words import SOUND, Facet, letters_of
from chalicelib.domain.search.folding import PART, PHONE_DIGITS, fold, literal, phone_word
from chalicelib.domain.search.sounding import sound

MOST_WORDS = 8
"""Words of a query that are compared; nobody remembers more of a family."""

WHOLE_NUMBER_BELOW = 4
"""Digits: a shorter number finds only what has exactly that number."""

LONGEST_QUERY = 200
"""Characters that are read of a query."""

PHONE = re.compile(
    r"(?<!\S)(?:(?:\+|00)\d{1,3}[\s.-]?(?:\(0\))?[\s.-]?\d(?:[\s.-]?\d{1,3}){2,5}|0\d(?:[\s.-]?\d\d){1,4})(?!\S)",
    re.ASCII,
)
"""A telephone or its beginning, however its digits are grouped."""

PUNCTUATED = re.compile(r"[@._-]")
"""What an identifier or an e-mail may hold between its letters."""


class Rank(IntEnum):
    """How a word answers; the lowest first."""

    EXACT = 0
    PREFIX = 1
    SOUND = 2


@dataclass(frozen=True)
class Lead:
    """One Query of the table: a partition and what its entries begin with, for one word of the search."""

    letters: str
    prefix: str
    term: int
    rank: Rank


@dataclass(frozen=True)
class Term:
    """One word of a query in every way it may be written: each is a tuple of words that must all be there."""

    spellings: tuple[tuple[str, ...], ...]

    def rank(self, words: Collection[str], sounds: Collection[str] = ()) -> Rank | None:
        """Returns how well these words and sounds answer; None when they do not."""
        found = [rank for one in self.spellings if (rank := _rank(one, words, sounds)) is not None]
        return min(found, default=None)

    def leads(self, number: int) -> Iterator[Lead]:
        """Yields the queries that find every account with this word: the longest part of each spelling, its sound."""
        longest = dict.fromkeys(max(spelling, key=len) for spelling in self.spellings)
        for word in longest:
            if whole_only(word):
                yield _lead(f"{word}#", number, Rank.EXACT)
            elif len(word) > 1:
                yield _lead(word, number, Rank.PREFIX)
        for said in dict.fromkeys(sound(word) for word in longest):
            if said:
                yield _lead(f"{SOUND}{said}#", number, Rank.SOUND)


def _lead(prefix: str, number: int, rank: Rank) -> Lead:
    return Lead(letters_of(prefix), prefix, number, rank)


def whole_only(word: str) -> bool:
    """Whether this word finds only what is exactly it: a short number."""
    return word.isdigit() and len(word) < WHOLE_NUMBER_BELOW


def _rank(spelling: Sequence[str], words: Collection[str], sounds: Collection[str]) -> Rank | None:
    worst = Rank.EXACT
    for word in spelling:
        if word in words:
            continue
        if not whole_only(word) and any(one.startswith(word) for one in words):
            worst = max(worst, Rank.PREFIX)
        elif sounds and sound(word) in sounds:
            worst = max(worst, Rank.SOUND)
        else:
            return None
    return worst


def terms_of(typed: str) -> tuple[Term, ...]:
    """Returns the words of a query, telephones first; empty when nothing in it can be looked for."""
    text = typed[:LONGEST_QUERY]
    phones = ["".join(filter(str.isdigit, run[0].replace("(0)", ""))) for run in PHONE.finditer(text)]
    found = [Term(_number_spellings(digits)) for digits in phones]
    found += [Term(spellings) for chunk in PHONE.sub(" ", text).split() if (spellings := _spellings(chunk))]
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def _number_spellings(digits: str) -> tuple[tuple[str, ...], ...]:
    """Returns the number, and a telephone as it is kept: its last nine digits, or those after its 0."""
    short = phone_word(digits) if len(digits) > PHONE_DIGITS else digits.lstrip("0")
    return tuple((word,) for word in dict.fromkeys((digits, short)) if word)


def _spellings(chunk: str) -> tuple[tuple[str, ...], ...]:
    """« d’Artagnan » may be d and artagnan, or dartagnan; « jean.dupont », itself as well."""
    parts = tuple(PART.findall(fold(chunk)))
    if len(parts) == 1 and parts[0].isdigit():
        return _number_spellings(parts[0])
    ways = [(literal(chunk),)] if PUNCTUATED.search(chunk) else []
    if "@" not in chunk:
        ways += [parts, ("".join(parts),)]
    return tuple(dict.fromkeys(way for way in ways if any(way)))


def answer(term: Term, facets: Sequence[Facet]) -> tuple[Rank, Facet] | None:
    """Returns how an account answers a word of the query, and by which thing; None when it does not."""
    ranks = [(term.rank(facet.words, facet.sounds), place) for place, facet in enumerate(facets)]
    found = [(rank, place) for rank, place in ranks if rank is not None]
    if not found:
        return None
    rank, place = min(found)
    return rank, facets[place]
