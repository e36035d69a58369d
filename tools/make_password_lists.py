"""Makes the French word lists of the password rules, once, from the data of the npm package @zxcvbn-ts/language-fr.

python -m tools.make_password_lists PACKAGE chalicelib/services/authentication/password_data
"""

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from chalicelib.services.authentication.password_strength import best_ranks, plain, ranked

SHORTEST = 3
"""Characters: a shorter word costs a guesser no less than trying every letter."""


def read(package: Path, name: str) -> dict[str, int]:
    words: list[str] = json.loads((package / "src" / f"{name}.json").read_text("utf-8"))
    return ranked(list(dict.fromkeys(plain(word).lower() for word in words)))


def by_rank(ranks: dict[str, int]) -> list[str]:
    return sorted(ranks, key=ranks.__getitem__)


def worth_keeping(words: Iterable[str]) -> list[str]:
    """Without what zxcvbn would guess sooner letter by letter, at ten guesses a letter."""
    kept = [word for word in words if len(word) >= SHORTEST and " " not in word]
    return [word for rank, word in enumerate(kept, 1) if rank < 10 ** len(word)]


def main(package: Path, folder: Path) -> None:
    words = best_ranks(read(package, "commonWords"), read(package, "wikipedia"))
    names = [
        *read(package, "firstnames"),
        *read(package, "lastnames"),
    ]  # alphabetical, so their use in texts ranks them
    known = {name: words.get(name, len(words)) for name in names}
    for title, kept in (("french_words", by_rank(words)), ("french_names", by_rank(known))):
        (folder / f"{title}.txt").write_text("\n".join(worth_keeping(kept)) + "\n", "utf-8")
    for notice in ("LICENSE.txt", "NOTICE.md"):
        shutil.copyfile(package / notice, folder / notice)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
