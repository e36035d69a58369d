"""Imports a file of settlements (payments received other than by card): checked whole first, then booked."""

from pathlib import Path

from chalicelib.domain.settlement import Settlement
from chalicelib.formats import euros, thousands
from chalicelib.importing.csv_reader import BadLine
from chalicelib.importing.settlements import read_settlements
from chalicelib.portal import Portal
from chalicelib.services.payments.import_settlements import (
    Line,
    LineOutcome,
    SettlementsOutcome,
    import_settlements,
)
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, progress, say, show_bad_lines, show_totals
from guichet.failures import open_portal
from guichet.files.checked_file import NOT_IMPORTED, FileCheck, ImportOptions, open_or_refuse, write_checked

REASONS = {
    LineOutcome.NO_INVOICE: "aucune facture n'a ce numéro",
    LineOutcome.NOT_ISSUED: "cette facture n'est pas encore publiée",
    LineOutcome.CARD_NOT_SETTLED: "paiement par carte non confirmé : faites d'abord « paiements rapprocher »",
    LineOutcome.CARD_DIFFERS: "référence d'un paiement par carte d'un autre montant ou d'une autre facture",
    LineOutcome.FUTURE: "cette date est dans l'avenir",
    LineOutcome.REPEATED: "une ligne plus haut dit le même règlement : s'il y en a deux, "
    "distinguez-les par leur référence",
}

COLUMNS = {LineOutcome.CARD_NOT_SETTLED: "reference", LineOutcome.CARD_DIFFERS: "reference", LineOutcome.FUTURE: "date"}
"""The column at fault, when it is not the number of the invoice."""


def import_settlement_file(file: Path, options: ImportOptions) -> ExitCode:
    """Import one file. Returns the exit code."""
    portal = open_portal()
    with open_or_refuse(file, NOT_IMPORTED) as stream:
        return _import(FileCheck(file, lambda: read_settlements(stream)), options, portal)


def _import(check: FileCheck[Settlement], options: ImportOptions, portal: Portal) -> ExitCode:
    who = agent.acting()
    plan = import_settlements(check.sift(), stores=portal.stores, clock=portal.clock, agent=who, dry_run=True)
    _show_plan(check, plan)

    def write() -> bool:
        with progress("Règlements", check.good) as advance:
            outcome = import_settlements(
                check.values(), stores=portal.stores, clock=portal.clock, agent=who, progress=advance
            )
        booked, cents = outcome.of(LineOutcome.BOOKED), outcome.cents(LineOutcome.BOOKED)
        say(typeset(f"{thousands(len(booked))} règlement(s) enregistré(s), {euros(cents)}."))
        return bool(outcome.refused)

    return write_checked(check, plan.refused, options, write)


def _show_plan(check: FileCheck[Settlement], plan: SettlementsOutcome) -> None:
    file = check.file
    show_bad_lines(file, [*check.bad_lines, *map(_bad_line, plan.refused)])
    for line in plan.surplus:
        details = f"facture n° {line.settlement.number}, trop-perçu de {euros(line.surplus_cents)}"
        say(typeset(f"{file.name}, ligne {line.line} : {details}"))
    known = (LineOutcome.KNOWN, LineOutcome.KNOWN_BY_CARD)
    surplus_cents = sum(line.surplus_cents for line in plan.surplus)
    rows = [
        ("À enregistrer", thousands(len(plan.of(LineOutcome.BOOKED))), euros(plan.cents(LineOutcome.BOOKED))),
        ("dont trop-perçu", thousands(len(plan.surplus)), euros(surplus_cents)),
        ("Déjà connus", thousands(len(plan.of(*known))), euros(plan.cents(*known))),
        ("Refusés", thousands(check.faulty + len(plan.refused)), euros(plan.cents(*REASONS))),
    ]
    show_totals(file.name, rows)


def _bad_line(line: Line) -> BadLine:
    return BadLine(line.line, COLUMNS.get(line.outcome, "numero"), typeset(REASONS[line.outcome]))
