"""Generates the French word lists of the password rules from the data of the npm package @zxcvbn-ts/language-fr.

python -m tools.make_password_lists PACKAGE chalicelib/services/authentication/password_data
"""

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from chalicelib.services.authentication.password_strength import best_ranks, ranked, without_accents

SHORTEST = 3
"""Characters: guessing a shorter word is no faster than brute force."""


def read(package: Path, name: str) -> dict[str, int]:
    words: list[str] = json.loads((package / "src" / f"{name}.json").read_text("utf-8"))
    return ranked(list(dict.fromkeys(without_accents(word).lower() for word in words)))


def by_rank(ranks: dict[str, int]) -> list[str]:
    return sorted(ranks, key=ranks.__getitem__)


def worth_keeping(words: Iterable[str]) -> list[str]:
    """Returns the words that zxcvbn guesses faster by rank than by brute force, at ten guesses per letter."""
    long_enough = [word for word in words if len(word) >= SHORTEST and " " not in word]
    return [word for rank, word in enumerate(long_enough, 1) if rank < 10 ** len(word)]


def main(package: Path, folder: Path) -> None:
    words = best_ranks(read(package, "commonWords"), read(package, "wikipedia"))
    names = [
        *read(package, "firstnames"),
        *read(package, "lastnames"),
    ]  # alphabetical, so their use in texts ranks them
    known = {name: words.get(name, len(words)) for name in names}
    for title, ranked_words in (("french_words", by_rank(words)), ("french_names", by_rank(known))):
        (folder / f"{title}.txt").write_text("\n".join(worth_keeping(ranked_words)) + "\n", "utf-8")
    for notice in ("LICENSE.txt", "NOTICE.md"):
        shutil.copyfile(package / notice, folder / notice)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
