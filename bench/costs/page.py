"""Renders the tables of docs/couts.md from the record, the load and the prices; the text is written by hand."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.costs.counting import COLD, Counted
from bench.costs.model import (
    FIXED,
    LOAD,
    PLACES,
    PRICES,
    STORED,
    Place,
    consumed,
    dollars,
    grouped,
    occurrences,
    total,
)
from chalicelib.formats import thousands

PAGE = Path(__file__).parents[2] / "docs" / "couts.md"
BLOCK = re.compile(r"(<!-- calcul : (\w+) -->\n).*?(<!-- fin -->)", re.S)
OTHERS = {
    STORED: "ce qui a été écrit les autres mois, gardé",
    FIXED: "ce qui se paie au mois",
    COLD: "des conteneurs qui démarrent",
}
Rows = Iterable[Sequence[str]]


def render_page(counted: Counted, text: str) -> str:
    """Returns the page with its tables rendered again."""
    tables = {
        "totaux": totals(counted),
        "ville": by_unit(counted, "town"),
        "gestes": by_journey(counted, "town"),
        "pays": by_unit(counted, "country"),
        "pays_gestes": by_journey(counted, "country"),
        "comptes": counts(counted),
        "charge": load(),
        "prix": prices(),
    }
    return BLOCK.sub(lambda found: found[1] + tables[found[2]] + found[3], text)


def totals(counted: Counted) -> str:
    def row(place: Place) -> Sequence[str]:
        first, tenth = (total(consumed(place, counted, months=months)) for months in (12, 120))
        return (
            place.label,
            thousands(place.invoices),
            money(first),
            money(tenth),
            money(tenth / place.invoices, places=4),
        )

    heads = ("Où", "Factures par mois", "La première année", "La dixième année", "Par facture")
    return table(heads, map(row, PLACES))


def by_unit(counted: Counted, name: str) -> str:
    """Returns the table of costs by AWS unit."""
    bill = consumed(place_named(name), counted)
    paid, amounts = grouped(dollars(bill), 1), grouped(bill, 1)
    units = PRICES["unit"]
    rows = [(units[unit]["label"], amount_of(unit, amounts[unit]), money(cost)) for unit, cost in paid.items() if cost]
    return table(("Poste", "Par mois", "Coût"), [*rows, ("**Total**", "", f"**{money(total(bill))}**")])


def by_journey(counted: Counted, name: str) -> str:
    """Returns the table of costs by journey."""
    place = place_named(name)
    paid, often = grouped(dollars(consumed(place, counted)), 0), occurrences(place, counted)
    rows = [
        (label(one), thousands(round(often[one])) if one in often else "", money(cost)) for one, cost in paid.items()
    ]
    return table(("Geste", "Par mois", "Coût"), rows)


def counts(counted: Counted) -> str:
    """Returns the table of consumption, for one of each journey."""
    units = ("gateway_request", "lambda_request", "dynamodb_read", "dynamodb_write", "s3_put", "mail", "out_byte")
    heads = (
        "Geste",
        "Requêtes",
        "Lambda",
        "Appels AWS",
        "Lectures",
        "Écritures",
        "Écr. S3",
        "Courriels",
        "Octets sortis",
    )
    rows = []
    for name, one in counted.items():
        if name != COLD:
            calls = sum(amount for unit, amount in one.items() if unit.startswith("calls/"))
            requests, tasks, *rest = (one.get(unit, 0) for unit in units)
            rows.append((label(name), *map(three_digits, (requests, tasks, calls, *rest))))
    return table(heads, rows)


def load() -> str:
    per = {"family": "par famille", "invoice": "par facture", "mail": "par courriel", "month": "en tout"}
    rows = ((label(name), three_digits(one["times"]), per[one["per"]]) for name, one in LOAD["journey"].items())
    return table(("Geste", "Fois par mois", ""), rows)


def prices() -> str:
    rows = ((one["label"], unit_price(unit, one["price"]), one["page"]) for unit, one in PRICES["unit"].items())
    return table(("Poste", "Prix de liste", "Page d’AWS"), rows)


def place_named(name: str) -> Place:
    return next(place for place in PLACES if place.name == name)


def label(journey: str) -> str:
    return OTHERS.get(journey) or str(LOAD["journey"][journey]["label"])


def table(heads: Sequence[str], rows: Rows) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def money(dollars_: float, places: int | None = None) -> str:
    """Returns « 1 234 $ », « 4,56 $ », « 0,0011 $ »; always with `places` decimals if they are given."""
    if places is None and dollars_ >= 100:
        return f"{thousands(round(dollars_))} $"
    return f"{dollars_:.{places or (2 if dollars_ >= 0.005 else 4)}f} $".replace(".", ",")


def amount_of(unit: str, amount: float) -> str:
    return f"{three_digits(amount / 1e9)} Go" if unit.endswith("_byte") else three_digits(amount)


def unit_price(unit: str, price: float) -> str:
    if unit.endswith("_byte"):
        return f"{three_digits(price * 1e9)} $ le Go" + (
            "-mois" if unit in ("stored_byte", "pitr_byte", "s3_byte") else ""
        )
    if price < 1e-2:
        return f"{three_digits(price * 1e6)} $ le million"
    return f"{three_digits(price)} $ par mois"


def three_digits(amount: float) -> str:
    """Returns a number with three significant digits."""
    if amount >= 1000:
        return thousands(round(amount))
    text = f"{amount:.3g}" if amount >= 0.001 or amount == 0 else f"{amount:.1e}"
    return text.replace(".", ",")
