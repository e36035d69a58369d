"""`python -m local.town`: write the import files of a fictional town of any size, in constant memory."""

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris
from local.town import files
from local.town.billing import Town, billed_months
from local.town.files import Cells


def main() -> None:
    wanted = arguments()
    wanted.out.mkdir(parents=True, exist_ok=True)
    town = Town(families=wanted.families, seed=wanted.seed, today=wanted.today)
    for name, (header, rows) in town_files(town, wanted.months).items():
        with (wanted.out / name).open("w", encoding="utf-8", newline="") as out:
            files.write(out, header, rows)
        print(wanted.out / name)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.town", description=__doc__)
    parser.add_argument("--families", type=int, default=4000, help="how many families (default: %(default)s)")
    parser.add_argument("--months", type=int, default=60, help="how many billed months (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=2026, help="the same seed makes the same town")
    parser.add_argument("--today", type=date.fromisoformat, default=day_in_paris(system_clock()), help="AAAA-MM-JJ")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write in")
    return parser.parse_args()


def town_files(town: Town, months: int) -> dict[str, tuple[Cells, Iterable[Cells]]]:
    """Returns header and rows of each file by its name; rows are generated lazily."""
    homes = town.households
    accounts = (files.account_row(account) for home in homes() for account in home.accounts)
    children = (files.child_row(home.family, pupil.child) for home in homes() for pupil in home.pupils)
    wanted: dict[str, tuple[Cells, Iterable[Cells]]] = {
        "comptes.csv": (files.ACCOUNTS, accounts),
        "enfants.csv": (files.CHILDREN, children),
    }
    for month in billed_months(town.today, months):
        wanted[f"factures-{month:%Y-%m}.csv"] = (files.INVOICES, invoice_rows(town, month))
    return wanted


def invoice_rows(town: Town, month: date) -> Iterable[Cells]:
    return (row for invoice in town.invoices(month) for row in files.invoice_rows(invoice))


if __name__ == "__main__":
    main()
