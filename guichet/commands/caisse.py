"""`guichet caisse …`: what is in the cash box, the cheques to deposit, the statement of a period, the day's closing."""

from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.formats import day_in_paris, euros, long_day
from chalicelib.importing.csv_writer import csv_file
from chalicelib.portal import Portal
from chalicelib.services.payments.cash_box import at_the_counter, cash_box_movements, cheques_of
from chalicelib.services.payments.close_day import (
    DayToClose,
    close_day,
    days_never_closed,
    keep_closing_document,
    open_days_with_money,
)
from chalicelib.services.payments.statement import statement
from chalicelib.services.payments.takings import movements_between, totals_by_method
from chalicelib.stores import Stores
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, say, stop
from guichet.display.cash_box_display import (
    STATEMENT_COLUMNS,
    show_cash_box,
    show_closed,
    show_movements,
    show_never_closed,
    show_open_days,
    show_statement,
    statement_rows,
)
from guichet.display.money import money_refusals
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp, flag
from guichet.options import DryRun, parse_counted_cents, parse_day_option, parse_text_option
from guichet.output_file import new_output_file, write_output_file
from guichet.wording.common import pluralized

app = FrenchApp("caisse", "La caisse : ce qu’elle contient, la remise des chèques, l’état, l’arrêté du jour.")

LONGEST = 500
Day = Annotated[str, typer.Option("--jour", metavar="DATE", help="Le jour ; sans lui, aujourd’hui.")]


@app.verb("voir", "--jour 30/11/2026 --detail")
def show(
    *,
    day: Annotated[
        str, typer.Option("--jour", metavar="DATE", help="Un seul jour ; sans lui, tout ce qui n’est pas arrêté.")
    ] = "",
    detail: Annotated[bool, flag("--detail", "Montre aussi chaque mouvement du guichet.")] = False,
) -> None:
    """Montre ce que la caisse contient, par moyen de paiement, espèces et chèques d’abord.

    Sans --jour, ce sont les journées qui ne sont pas arrêtées ; avant le premier arrêté, celle d’aujourd’hui.
    """
    with friendly_errors():
        portal = open_portal()
        stores, today = portal.stores, day_in_paris(portal.clock())
        if day:
            wanted = parse_day_option("--jour", day.strip())
            entries = movements_between(wanted, wanted, ledger=stores.ledger)
            title = f"Journée du {long_day(wanted)}{_state(wanted, stores)}"
        else:
            entries = cash_box_movements(stores, today)
            before = stores.closings.opening() is None
            title = f"Journée du {long_day(today)}" if before else f"Caisse non arrêtée, au {long_day(today)}"
        show_cash_box(typeset(title), totals_by_method(entries), portal.town)
        if detail:
            show_movements(at_the_counter(entries))


@app.verb("bordereau", "--jour 30/11/2026 cheques.pdf")
def deposit_slip(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Le PDF à écrire.")],
    *,
    day: Day = "",
) -> None:
    """Écrit le bordereau de remise des chèques d’un jour : émetteur, numéro et montant de chacun, et leur total."""
    with friendly_errors():
        portal = open_portal()
        wanted = _day(day, portal)
        cheques = cheques_of(wanted, stores=portal.stores)
        write_output_file(file, portal.draw_deposit_slip(wanted, cheques))
        total = sum(cheque.amount_cents for cheque in cheques)
        say(typeset(f"{pluralized(len(cheques), 'chèque', 'chèques')}, {euros(total)} : {file}"))


@app.verb("etat", "--du 01/11/2026 --au 30/11/2026 novembre.pdf")
def period_statement(
    file: Annotated[
        Path | None, typer.Argument(metavar="FICHIER", help="Un .pdf ou un .csv à écrire ; sans lui, à l’écran.")
    ] = None,
    *,
    first: Annotated[str, typer.Option("--du", metavar="DATE", help="Le premier jour, comme 01/11/2026.")],
    last: Annotated[str, typer.Option("--au", metavar="DATE", help="Le dernier jour, compris.")],
) -> None:
    """Écrit ce qui a été encaissé sur une période, par prestation et par moyen de paiement.

    Chaque règlement est réparti entre les prestations de sa facture, en proportion de leurs montants, au centime.
    """
    start, end = parse_day_option("--du", first.strip()), parse_day_option("--au", last.strip())
    if end < start:
        stop(ExitCode.MISUSE, typeset("--au précède --du."))
    if file and file.suffix.lower() not in (".pdf", ".csv"):
        stop(ExitCode.MISUSE, typeset("FICHIER : un nom qui finit par .pdf ou .csv est attendu."))
    with friendly_errors():
        portal = open_portal()
        stated = statement(start, end, stores=portal.stores)
        if file is None:
            show_statement(stated, portal.town)
            return
        is_pdf = file.suffix.lower() == ".pdf"
        rows = statement_rows(stated, portal.town)
        write_output_file(file, portal.draw_statement(stated) if is_pdf else csv_file(STATEMENT_COLUMNS, rows))
        say(typeset(f"Encaissé net : {euros(stated.total_cents)}, dans {file}."))


@app.verb("arreter", "--jour 30/11/2026 --especes-comptees 132,50 --pdf arrete.pdf")
def close(
    *,
    day: Annotated[str, typer.Option("--jour", metavar="DATE", help="Le jour à arrêter.")],
    counted: Annotated[
        str, typer.Option("--especes-comptees", metavar="EUROS", help="Ce que la caisse contient en espèces.")
    ] = "",
    observations: Annotated[
        str, typer.Option("--observations", metavar="TEXTE", help="Ce qu’il faut savoir de la journée.")
    ] = "",
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FICHIER", help="Le PDF de l’arrêté.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Arrête une journée : ses totaux ne changent plus, aucun règlement du guichet n’y entre plus.

    Ce qui arrive ensuite pour ce jour est compté sur la première journée ouverte. Arrêter deux fois la même journée ne
    change rien, et rend le même PDF. Le premier arrêté ouvre la caisse.
    """
    cents = parse_counted_cents("--especes-comptees", counted) if counted.strip() else None
    remarks = parse_text_option("--observations", observations, longest=LONGEST) if observations.strip() else ""
    with friendly_errors():
        portal = open_portal()
        asked = DayToClose(parse_day_option("--jour", day.strip()), agent.acting(), cents, remarks)
        # The file is opened first: a day is not closed for a document that cannot be written.
        with new_output_file(pdf) if pdf and not dry_run else nullcontext() as write:
            with money_refusals("Cette journée n'existe pas."):
                closed = close_day(asked, stores=portal.stores, clock=portal.clock, dry_run=dry_run)
            show_closed(closed, asked, portal.town, dry_run=dry_run)
            show_never_closed(days_never_closed(portal.stores, asked.day) if closed.first else [])
            show_open_days(open_days_with_money(portal.stores, asked.day) if closed.new else [])
            if dry_run:
                return
            content = keep_closing_document(closed.closing, draw=portal.draw_closing, documents=portal.stores.documents)
            if write:
                write(content)


def _day(typed: str, portal: Portal) -> date:
    return parse_day_option("--jour", typed.strip()) if typed else day_in_paris(portal.clock())


def _state(day: date, stores: Stores) -> str:
    """What follows a day's name: whether it is closed, or older than the first day that was."""
    if stores.closings.find(day):
        return ", arrêtée"
    return ", avant le premier arrêté" if stores.closings.is_closed(day) else ""
