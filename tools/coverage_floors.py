"""The floors of coverage, lines and branches together, that `make test` holds: `python -m tools.coverage_floors`.

Reads the `.coverage` of the last run of pytest-cov. Exits with 1 when a floor is not reached.
"""

import io
import sys

from coverage import Coverage

FLOORS = {
    "chalicelib/domain": (["chalicelib/domain/*"], 95),
    "chalicelib/services": (["chalicelib/services/*"], 95),
    "chalicelib and guichet": (["chalicelib/*", "guichet/*"], 90),
}
"""What is measured → its files, and the least per cent of it that the tests reach."""


def main() -> int:
    coverage = Coverage()
    coverage.load()
    reached = {name: coverage.report(include=files, file=io.StringIO()) for name, (files, _) in FLOORS.items()}
    for name, percent in reached.items():
        print(f"coverage of {name}: {percent:.1f} %, at least {FLOORS[name][1]} %")
    return int(any(percent < FLOORS[name][1] for name, percent in reached.items()))


if __name__ == "__main__":
    sys.exit(main())
