"""Password strength (zxcvbn) for French: words, names, years and the AZERTY keyboard that attackers try first."""

import threading
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LISTS = Path(__file__).parent / "password_data"
SCORED_CHARACTERS = 64
"""zxcvbn refuses more than 72 and slows down with each; the score of these decides for the whole."""

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
"""What people write in place of a letter. zxcvbn tries every mix of its own, longer table: 6 s for 64 characters."""

zxcvbn_lock = threading.Lock()
"""zxcvbn reads its dictionaries from its module: concurrent calls would share their personal words."""


@dataclass(frozen=True)
class Strength:
    """zxcvbn's score, from 0 (guessed at once) to 4, and its matches: what it recognised in the password."""

    score: int
    matches: Sequence[Mapping[str, Any]]


def measure(password: str, own_words: Iterable[str]) -> Strength:
    """Measure the first 64 characters, without accents. `own_words`, without accents either, rank as guessed first."""
    measured = without_accents(password)[:SCORED_CHARACTERS]
    if not measured:
        return Strength(score=0, matches=())  # zxcvbn raises on the empty text
    with zxcvbn_lock:
        zxcvbn, dictionaries = french_zxcvbn()
        dictionaries[OWN_WORDS] = dict.fromkeys(own_words, 1)
        result = zxcvbn(measured)
    return Strength(score=result["score"], matches=result["sequence"])


def without_accents(text: str) -> str:
    """Returns the text without accents, ligatures or typographic apostrophes, case kept: attackers ignore accents."""
    letters = text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'")
    return "".join(char for char in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(char))


@cache
def french_zxcvbn() -> tuple[Callable[[str], Mapping[str, Any]], dict[str, dict[str, int]]]:
    """Returns zxcvbn and the dictionaries it reads, set up once per process: the fewer, the faster."""
    # Loaded only where a password is chosen: it is slow to import.
    from zxcvbn import matching, zxcvbn  # type: ignore[import-untyped]

    lists = dict(matching.RANKED_DICTIONARIES)
    matching.RANKED_DICTIONARIES.clear()
    matching.RANKED_DICTIONARIES.update(
        passwords=lists["passwords"],
        words=best_ranks(lists["english_wikipedia"], lists["us_tv_and_film"], load_list("french_words")),
        names=best_ranks(lists["male_names"], lists["female_names"], lists["surnames"], load_list("french_names")),
        years=ranked(YEARS),
    )
    matching.GRAPHS["azerty"] = keyboard_graph(AZERTY)
    matching.L33T_TABLE.clear()
    matching.L33T_TABLE.update(SUBSTITUTIONS)
    return zxcvbn, matching.RANKED_DICTIONARIES


def load_list(name: str) -> dict[str, int]:
    return ranked((LISTS / f"{name}.txt").read_text("utf-8").split())


def ranked(words: Sequence[str]) -> dict[str, int]:
    """Returns word → rank in guessing order, from 1."""
    return {word: rank for rank, word in enumerate(words, 1)}


def best_ranks(*dictionaries: Mapping[str, int]) -> dict[str, int]:
    """Returns every word of the dictionaries at its lowest rank."""
    best: dict[str, int] = {}
    for dictionary in dictionaries:
        for word, rank in dictionary.items():
            best[word] = min(rank, best.get(word, rank))
    return best


def keyboard_graph(rows: Sequence[str]) -> dict[str, list[str | None]]:
    """Returns character → adjacent keys, clockwise from the left, in zxcvbn's format: « aA », or None."""
    keys = {(x, y): char + char.upper() for y, row in enumerate(rows) for x, char in enumerate(row) if char != " "}
    around = ((-1, 0), (0, -1), (1, -1), (1, 0), (0, 1), (-1, 1))
    return {char: [keys.get((x + dx, y + dy)) for dx, dy in around] for (x, y), key in keys.items() for char in key}
