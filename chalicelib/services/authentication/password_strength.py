"""zxcvbn, taught French: the words, names, years and keyboard that a guesser of French passwords tries first."""

import threading
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LISTS = Path(__file__).parent / "password_data"
SCORED_CHARACTERS = 64
"""zxcvbn refuses more than 72 and slows down with each: what these are worth is enough to judge the rest."""

YEARS = [str(year) for year in range(2039, 1929, -1)]
"""zxcvbn's own recent years end in 2019."""

OWN_WORDS = "own_words"
AZERTY = (" 1234567890", " azertyuiop", " qsdfghjklm", " wxcvbn")
"""Each row begins half a key further right than the one above it."""

SUBSTITUTIONS = {
    "a": ["4", "@"],
    "b": ["8"],
    "c": ["("],
    "e": ["3"],
    "g": ["6", "9"],
    "i": ["1", "!"],
    "o": ["0"],
    "s": ["$", "5"],
    "t": ["7", "+"],
    "z": ["2"],
}
"""What people write in place of a letter. zxcvbn tries every mix of its own, longer table: 6 seconds for 64 signs."""

one_at_a_time = threading.Lock()
"""zxcvbn reads its dictionaries from its module: two families judged at once would share their own words."""


@dataclass(frozen=True)
class Strength:
    """From 0 (guessed at once) to 4, and what was recognised in the password: zxcvbn's matches."""

    score: int
    matches: Sequence[Mapping[str, Any]]


def measure(password: str, own_words: Iterable[str]) -> Strength:
    """Judge the first 64 characters, without accents; `own_words`, as `plain` leaves them, are guessed first of all."""
    judged = plain(password)[:SCORED_CHARACTERS]
    if not judged:
        return Strength(score=0, matches=())  # zxcvbn raises on the empty text
    with one_at_a_time:
        judge, dictionaries = french_zxcvbn()
        dictionaries[OWN_WORDS] = dict.fromkeys(own_words, 1)
        result = judge(judged)
    return Strength(score=result["score"], matches=result["sequence"])


def plain(text: str) -> str:
    """The text without accents, ligatures or typographic apostrophes, its case kept: an accent stops no guesser."""
    letters = text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'")
    return "".join(char for char in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(char))


@cache
def french_zxcvbn() -> tuple[Callable[[str], Mapping[str, Any]], dict[str, dict[str, int]]]:
    """The judge and the dictionaries it looks into, made ready once a process: the fewer, the faster."""
    # Never loaded but where a password is chosen.
    from zxcvbn import matching, zxcvbn  # type: ignore[import-untyped]

    lists = dict(matching.RANKED_DICTIONARIES)
    matching.RANKED_DICTIONARIES.clear()
    matching.RANKED_DICTIONARIES.update(
        passwords=lists["passwords"],
        words=best_ranks(lists["english_wikipedia"], lists["us_tv_and_film"], shipped("french_words")),
        names=best_ranks(lists["male_names"], lists["female_names"], lists["surnames"], shipped("french_names")),
        years=ranked(YEARS),
    )
    matching.GRAPHS["azerty"] = neighbours(AZERTY)
    matching.L33T_TABLE.clear()
    matching.L33T_TABLE.update(SUBSTITUTIONS)
    return zxcvbn, matching.RANKED_DICTIONARIES


def shipped(name: str) -> dict[str, int]:
    return ranked((LISTS / f"{name}.txt").read_text("utf-8").split())


def ranked(words: Sequence[str]) -> dict[str, int]:
    """Word → how many guesses before it, the first being 1."""
    return {word: rank for rank, word in enumerate(words, 1)}


def best_ranks(*dictionaries: Mapping[str, int]) -> dict[str, int]:
    """Every word of the dictionaries, at its lowest rank."""
    best: dict[str, int] = {}
    for dictionary in dictionaries:
        for word, rank in dictionary.items():
            best[word] = min(rank, best.get(word, rank))
    return best


def neighbours(rows: Sequence[str]) -> dict[str, list[str | None]]:
    """Each character → the keys around it, clockwise from the left, in the form zxcvbn reads: « aA », or None."""
    keys = {(x, y): char + char.upper() for y, row in enumerate(rows) for x, char in enumerate(row) if char != " "}
    around = ((-1, 0), (0, -1), (1, -1), (1, 0), (0, 1), (-1, 1))
    return {char: [keys.get((x + dx, y + dy)) for dx, dy in around] for (x, y), key in keys.items() for char in key}
