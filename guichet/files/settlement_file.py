"""Imports a file of settlements (payments received other than by card): checked whole first, then booked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from chalicelib.formats import euros, thousands
from chalicelib.importing.csv_reader import BadLine, FileRefused
from chalicelib.importing.settlements import read_settlements
from chalicelib.portal import Portal
from chalicelib.services.payments.import_settlements import (
    Line,
    LineOutcome,
    Numbered,
    SettlementsOutcome,
    import_settlements,
)
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, progress, say, show_bad_lines, show_totals, warn
from guichet.failures import open_portal
from guichet.input_file import open_input_file

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


@dataclass
class Check:
    """Result of parsing the file: faults and counts."""

    bad_lines: list[BadLine] = field(default_factory=list)
    spoilt: int = 0
    good: int = 0

    def sift(self, stream: BinaryIO) -> Iterator[Numbered]:
        """Yields the good lines and collects the faults of the others. Raises FileRefused."""
        for record in read_settlements(stream):
            self.bad_lines += record.problems
            self.spoilt += record.value is None
            if record.value is not None:
                self.good += 1
                yield record.line, record.value


def import_settlement_file(file: Path, *, dry_run: bool, keep_good: bool) -> ExitCode:
    """Import one file. Returns the exit code."""
    portal = open_portal()
    with open_input_file(file) as stream:
        try:
            return _import(file, stream, portal, dry_run=dry_run, keep_good=keep_good)
        except FileRefused as refusal:
            show_bad_lines(file, refusal.bad_lines)
            warn("Rien n’a été importé.")
            return ExitCode.REFUSED


def _import(file: Path, stream: BinaryIO, portal: Portal, *, dry_run: bool, keep_good: bool) -> ExitCode:
    who = agent.acting()
    check = Check()
    plan = import_settlements(check.sift(stream), stores=portal.stores, clock=portal.clock, agent=who, dry_run=True)
    faulty = bool(check.bad_lines or plan.refused)
    _show_plan(file, check, plan)
    if faulty and not (keep_good and check.good > len(plan.refused)):
        advice = "" if keep_good else " Corrigez le fichier, ou relancez avec --garder-les-bonnes."
        warn(f"Rien n’a été importé.{advice}")
        return ExitCode.REFUSED
    if dry_run:
        say(typeset("Essai : rien n'a été écrit."))
        return ExitCode.PARTLY if faulty else ExitCode.DONE
    with progress("Règlements", check.good) as advance:
        outcome = import_settlements(
            Check().sift(stream), stores=portal.stores, clock=portal.clock, agent=who, progress=advance
        )
    booked = outcome.of(LineOutcome.BOOKED)
    say(typeset(f"{thousands(len(booked))} règlement(s) enregistré(s), {euros(outcome.cents(LineOutcome.BOOKED))}."))
    return ExitCode.PARTLY if check.bad_lines or outcome.refused else ExitCode.DONE


def _show_plan(file: Path, check: Check, plan: SettlementsOutcome) -> None:
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
        ("Refusés", thousands(check.spoilt + len(plan.refused)), euros(plan.cents(*REASONS))),
    ]
    show_totals(file.name, rows)


def _bad_line(line: Line) -> BadLine:
    return BadLine(line.line, COLUMNS.get(line.outcome, "numero"), typeset(REASONS[line.outcome]))
