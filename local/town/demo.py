"""Import files of the demo town, with dates relative to today: five demo families and a few fictional others.

`100001` owes two invoices, one of them of the guide's shape; `100002` owes nothing; `100003` has no e-mail; `100004`
never signed in; `100005` is the other parent of 100001's children.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import date

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice
from local.town import files
from local.town.billing import Town, billed_months
from local.town.demo_families import DEMO_ACCOUNTS, demo_pupils
from local.town.demo_invoices import SEED, guide_invoice, history, second_invoice
from local.town.files import Cells
from local.town.households import Numbers
from local.town.pupils import Pupil

NEIGHBOURS = 12
"""Other households, so that lists have more than five lines."""

NEIGHBOURS_NUMBERS = Numbers(username=100_100, family=7_100)
"""Between the numbers of the five families and those that `python -m local.town` generates."""


def demo_files(today: date) -> dict[str, bytes]:
    """Returns comptes.csv, enfants.csv and factures.csv of the demo town on that day, in the import's formats."""
    children = [(family, pupil.child) for family, pupils in families(today).items() for pupil in pupils]
    return {
        "comptes.csv": _file(files.ACCOUNTS, map(files.account_row, accounts(today))),
        "enfants.csv": _file(files.CHILDREN, (files.child_row(*one) for one in children)),
        "factures.csv": _file(files.INVOICES, (row for one in invoices(today) for row in files.invoice_rows(one))),
    }


def _file(header: Cells, rows: Iterable[Cells]) -> bytes:
    out = io.StringIO(newline="")
    files.write(out, header, rows)
    return out.getvalue().encode()


def accounts(today: date) -> Iterator[Account]:
    yield from DEMO_ACCOUNTS
    for home in neighbours(today).households():
        yield from home.accounts


def families(today: date) -> dict[str, tuple[Pupil, ...]]:
    """Returns pupils by family number."""
    return demo_pupils(today) | {home.family: home.pupils for home in neighbours(today).households()}


def neighbours(today: date) -> Town:
    return Town(families=NEIGHBOURS, seed=SEED, today=today, numbers=NEIGHBOURS_NUMBERS)


def invoices(today: date) -> Iterator[Invoice]:
    """Yields every invoice: the two that 100001 owes, its history and the other families'."""
    yield guide_invoice(today)
    yield second_invoice(today)
    pupils = demo_pupils(today)
    for account in DEMO_ACCOUNTS:
        yield from history(account, pupils[account.family], today)
    for month in billed_months(today, 3):
        yield from neighbours(today).invoices(month)
