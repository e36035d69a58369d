"""`python -m bench.costs`: count again, write the record, and make the tables of docs/couts.md again.

`--sans-compter` makes the tables from the record as it is: after a change of price or of load.
"""

import sys

from bench.costs.counting import record, recorded
from bench.costs.model import PLACES, consumed, total
from bench.costs.page import PAGE, money, rendered


def main() -> None:
    counted = recorded() if "--sans-compter" in sys.argv[1:] else record()
    PAGE.write_text(rendered(counted, PAGE.read_text("utf-8")), "utf-8")
    for place in PLACES:
        print(f"{place.label}: {money(total(consumed(place, counted)))}")


if __name__ == "__main__":
    main()
