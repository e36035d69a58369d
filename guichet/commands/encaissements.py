"""`guichet encaissements …`: export the payments and refunds of a period as CSV, for the accounts."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Annotated

import typer

from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.town_settings import Town
from chalicelib.formats import iso_instant, plain_euros, short_day, thousands
from chalicelib.importing.csv_writer import escape_formula, escape_formulas
from chalicelib.services.payments.takings import (
    Takings,
    booked_after,
    method_counted,
    movements_between,
    takings_by_day,
)
from chalicelib.wording.guide import typeset
from chalicelib.wording.payment import method_name
from guichet.console import ExitCode, stop, warn
from guichet.display.money import print_count_and_total, write_table
from guichet.display.payment_display import KINDS
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp, flag
from guichet.options import TableFile, parse_day_option

app = FrenchApp("encaissements", "Les encaissements.")

BY_DAY = ("jour", "moyen", "nombre", "encaisse", "rembourse", "net", "dont_trop_percu", "annule")
IN_DETAIL = (
    "jour", "numero", "identifiant", "nature", "moyen", "montant", "sur_la_facture", "trop_percu", "reference",
    "transaction", "enregistre_le", "agent", "motif", "recu_le",
)  # fmt: skip

From = Annotated[str, typer.Option("--du", metavar="DATE", help="Le premier jour, comme 01/06/2026.")]
To = Annotated[str, typer.Option("--au", metavar="DATE", help="Le dernier jour, compris.")]


@app.verb("exporter", "--du 01/06/2026 --au 30/06/2026 juin.csv")
def export(
    file: TableFile = None,
    *,
    first: From,
    last: To,
    detail: Annotated[bool, flag("--detail", "Une ligne par mouvement, au lieu d’une par jour et moyen.")] = False,
) -> None:
    """Écrit les encaissements et les remboursements d’une période, par jour et par moyen, avec leurs totaux."""
    start, end = parse_day_option("--du", first.strip()), parse_day_option("--au", last.strip())
    if end < start:
        stop(ExitCode.MISUSE, typeset("--au précède --du."))
    with friendly_errors():
        portal = open_portal()
        town = portal.town
        entries = movements_between(start, end, ledger=portal.stores.ledger)
        rows = (_entry(entry, town) for entry in entries) if detail else _days(takings_by_day(entries), town)
        header = IN_DETAIL if detail else BY_DAY
        write_table(file, header, rows)
        print_count_and_total(len(entries), "mouvement", "mouvements", sum(entry.amount_cents for entry in entries))
        late = booked_after(entries, end)
        if late:
            warn(typeset(f"{thousands(len(late))} de ces mouvements ont été enregistrés après la fin de la période."))


def _days(takings: Sequence[Takings], town: Town) -> Iterator[list[str]]:
    """Yields a row per day and payment method, a total per day, then the total of the period."""
    for day, some in groupby(takings, key=lambda one: one.day):
        of_day = list(some)
        yield from (_row(short_day(day), escape_formula(_method(one.payment_method, town)), [one]) for one in of_day)
        yield _row(short_day(day), "TOTAL DU JOUR", of_day)
    yield _row("TOTAL", "", takings)


def _row(day: str, method: str, takings: Sequence[Takings]) -> list[str]:
    received, refunded = sum(one.received_cents for one in takings), sum(one.refunded_cents for one in takings)
    surplus, undone = sum(one.surplus_cents for one in takings), sum(one.undone_cents for one in takings)
    amounts = (received, refunded, sum(one.net_cents for one in takings), surplus, undone)
    return [day, method, str(sum(one.count for one in takings)), *map(plain_euros, amounts)]


def _method(method: str, town: Town) -> str:
    return method_name(method, town.payment_methods)


def _entry(entry: LedgerEntry, town: Town) -> list[str]:
    amounts = (entry.amount_cents, entry.applied_cents, entry.surplus_cents)
    return [
        short_day(entry.counted_on),
        *escape_formulas(entry.invoice_number, entry.username, KINDS[entry.kind], _method(method_counted(entry), town)),
        *map(plain_euros, amounts),
        *escape_formulas(entry.reference, entry.transaction),
        iso_instant(entry.booked_at),
        *escape_formulas(entry.agent, entry.note),
        short_day(entry.received_on) if entry.received_on else "",
    ]
