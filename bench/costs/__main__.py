"""`python -m bench.costs`: count AWS usage, write the record, and render the tables of docs/couts.md.

`--sans-compter` renders the tables from the existing record: after a change of price or of load.
"""

import sys

from bench.costs.counting import read_record, write_record
from bench.costs.model import PLACES, consumed, total
from bench.costs.page import PAGE, money, render_page


def main() -> None:
    counted = read_record() if "--sans-compter" in sys.argv[1:] else write_record()
    PAGE.write_text(render_page(counted, PAGE.read_text("utf-8")), "utf-8")
    for place in PLACES:
        print(f"{place.label}: {money(total(consumed(place, counted)))}")


if __name__ == "__main__":
    main()
