"""Prints the cash box, a day's closing and the statement of a period."""

from collections.abc import Iterable, Iterator
from datetime import date

from chalicelib.domain.cash_desk.closing import Closing, DayTotals, MethodTotal
from chalicelib.domain.cash_desk.statement import Statement
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.payment_method import PaymentMethod
from chalicelib.domain.reversal import undone_keys
from chalicelib.domain.town_settings import Town
from chalicelib.formats import euros, long_day, long_instant, plain_euros, thousands
from chalicelib.importing.csv_writer import escape_formula
from chalicelib.services.payments.close_day import ClosedDay, DayToClose
from chalicelib.services.payments.takings import IN_CASH_BOX
from chalicelib.wording.counter import service_rows
from chalicelib.wording.guide import typeset
from chalicelib.wording.payment import method_name
from guichet.console import say, show_totals, warn
from guichet.display.payment_display import ledger_line

STATEMENT_COLUMNS = ("partie", "libelle", "mouvements", "encaisse", "rendu", "annule", "net")


def show_cash_box(title: str, methods: Iterable[MethodTotal], town: Town) -> None:
    """Print how many movements each method has and what they come to: cash and cheques first, even when none."""
    found = {one.method: one for one in methods}
    rows = [(_name(method, town), *_figures(found.pop(method, None))) for method in IN_CASH_BOX]
    rows += [(_name(one.method, town), *_figures(one)) for one in found.values()]
    say(title)  # a table's own title is wrapped to the table's width
    show_totals("", rows)


def show_movements(entries: Iterable[LedgerEntry]) -> None:
    """Print a line per movement, with its invoice's number."""
    listed = list(entries)
    for entry in listed:
        undone = undone_keys(one for one in listed if one.invoice_number == entry.invoice_number)
        say(typeset(f"n° {entry.invoice_number}  {ledger_line(entry, undone)}"))


def show_closed(closed: ClosedDay, asked: DayToClose, town: Town, *, dry_run: bool) -> None:
    """Print a closing, and what the agent must know of it."""
    closing, totals = closed.closing, closed.closing.totals or DayTotals()
    if not closed.new:
        when = f"le {long_instant(closing.closed_at)} par {closing.agent}"
        say(typeset(f"La journée du {long_day(closing.day)} a été arrêtée {when} : rien n'a changé."))
        if (asked.counted_cash_cents, asked.observations) not in ((None, ""), _typed(closing)):
            warn(typeset("Ce qui vient d'être tapé n'est pas gardé : l'arrêté reste ce qu'il était."))
    elif closed.first:
        ahead = "ouvrirait" if dry_run else "ouvre"
        warn(typeset(f"C'est le premier arrêté : il {ahead} la caisse, les journées d'avant ne s'arrêteront plus."))
    show_cash_box(typeset(_title(closing, dry_run=dry_run)), totals.methods, town)
    say(typeset(_cash(closing, totals)))
    if totals.late_count:
        late = f"{thousands(totals.late_count)} mouvement(s) de journées arrêtées, {euros(totals.late_cents)}"
        say(typeset(f"Dont {late}."))
    if closing.observations:
        say(typeset(f"Observations : {closing.observations}"))


def show_never_closed(days: list[date]) -> None:
    """Warn, at the first closing, of earlier days of the counter that no closing will hold."""
    if days:
        named = ", ".join(long_day(day) for day in days)
        warn(typeset(f"Attention : le guichet a encaissé avant cette journée, sur aucun arrêté : {named}."))


def show_open_days(days: list[date]) -> None:
    """Warn of earlier days that hold movements and are still open."""
    if days:
        named = ", ".join(long_day(day) for day in days)
        warn(typeset(f"Attention : des journées plus anciennes ne sont pas arrêtées : {named}."))


def show_statement(stated: Statement, town: Town) -> None:
    """Print both tables of a statement."""
    rows = [(name, euros(cents)) for name, cents in service_rows(stated)]
    show_totals("Par prestation", [*rows, ("Total", euros(stated.total_cents))])
    show_cash_box(typeset("Par moyen de paiement"), stated.methods, town)


def statement_rows(stated: Statement, town: Town) -> Iterator[list[str]]:
    """Yields the rows of a statement's CSV: services, their total, payment methods, their total."""
    for name, cents in service_rows(stated):
        yield ["prestation", escape_formula(name), "", "", "", "", plain_euros(cents)]
    yield ["prestation", "TOTAL", "", "", "", "", plain_euros(stated.total_cents)]
    for one in stated.methods:
        yield ["moyen", escape_formula(_name(one.method, town)), *_cells([one])]
    yield ["moyen", "TOTAL", *_cells(stated.methods)]


def _cells(methods: Iterable[MethodTotal]) -> list[str]:
    every = list(methods)
    received, refunded = sum(one.received_cents for one in every), sum(one.refunded_cents for one in every)
    undone, net = sum(one.undone_cents for one in every), sum(one.net_cents for one in every)
    return [str(sum(one.count for one in every)), *map(plain_euros, (received, refunded, undone, net))]


def _title(closing: Closing, *, dry_run: bool) -> str:
    day = f"journée du {long_day(closing.day)}"
    return f"Essai : {day}, rien n'a été écrit" if dry_run else f"Arrêté n° {closing.number}, {day}"


def _cash(closing: Closing, totals: DayTotals) -> str:
    expected = f"Espèces attendues : {euros(totals.net_of(PaymentMethod.CASH))}"
    if closing.counted_cash_cents is None or closing.cash_difference_cents is None:
        return f"{expected}, non comptées."
    difference = euros(closing.cash_difference_cents)
    return f"{expected}, comptées : {euros(closing.counted_cash_cents)}, différence : {difference}."


def _typed(closing: Closing) -> tuple[int | None, str]:
    return closing.counted_cash_cents, closing.observations


def _figures(total: MethodTotal | None) -> tuple[str, str]:
    return (thousands(total.count), euros(total.net_cents)) if total else ("0", euros(0))


def _name(method: str, town: Town) -> str:
    return method_name(method, town.payment_methods)
