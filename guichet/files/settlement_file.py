"""Imports a file of settlements (payments received other than by card): checked whole first, then booked."""

from collections.abc import Iterator
from pathlib import Path

from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.settlement import Settlement
from chalicelib.formats import euros, short_day, thousands
from chalicelib.importing.rows import BadLine
from chalicelib.importing.settlements import read_settlements
from chalicelib.portal import Portal
from chalicelib.services.payments.import_settlements import ImportRules, import_settlements
from chalicelib.services.payments.settlement_outcome import (
    FREED_BY_ANYWAY,
    KNOWN,
    REFUSALS,
    WRITTEN,
    Line,
    LineOutcome,
    SettlementsOutcome,
)
from chalicelib.services.payments.undo_movement import movement_id
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
    LineOutcome.CARD_REFUND: "un paiement par carte du portail se rembourse : « paiements rembourser »",
    LineOutcome.GIVEN_BACK: "ce règlement a déjà été rendu à la famille : annulez d'abord le remboursement",
    LineOutcome.NO_CREDIT: "cet avoir ou ce trop-perçu n'est pas du compte, ou ne couvre pas ce montant ; sans "
    "référence, un seul doit y suffire : dites lequel dans la colonne reference",
    LineOutcome.WRONG_SIGN: "un rejet ou un impayé s'écrit avec un montant négatif",
    LineOutcome.FUTURE: "cette date est dans l'avenir",
}
COLUMNS = {
    LineOutcome.CARD_NOT_SETTLED: "reference",
    LineOutcome.CARD_DIFFERS: "reference",
    LineOutcome.CARD_REFUND: "reference",
    LineOutcome.NO_CREDIT: "reference",
    LineOutcome.GIVEN_BACK: "montant",
    LineOutcome.WRONG_SIGN: "montant",
    LineOutcome.FUTURE: "date",
}
"""The column at fault, when it is not the number of the invoice."""

HELD_FOR = {
    LineOutcome.ALIKE: "ressemble au",
    LineOutcome.BEFORE_INVOICE: "daté d'avant la facture, émise le {issued_on}",
    LineOutcome.OVER_A_YEAR: "daté de plus d'un an",
    LineOutcome.NONE_TO_UNDO: "aucun règlement de cette facture n'a ce montant et cette référence : "
    "« reglements annuler » le désigne",
    LineOutcome.SEVERAL_TO_UNDO: "plusieurs règlements répondent, désignez-en un par « reglements annuler » :",
}


def import_settlement_file(file: Path, options: ImportOptions, rules: ImportRules) -> ExitCode:
    """Import one file. Returns the exit code: PARTLY when lines are held back."""
    portal = open_portal()
    with open_or_refuse(file, NOT_IMPORTED) as stream:
        return _import(FileCheck(file, lambda: read_settlements(stream)), options, rules, portal)


def _import(check: FileCheck[Settlement], options: ImportOptions, rules: ImportRules, portal: Portal) -> ExitCode:
    who = agent.acting()
    plan = import_settlements(
        check.sift(), stores=portal.stores, clock=portal.clock, agent=who, rules=rules, dry_run=True
    )
    _show_plan(check, plan)

    def write() -> bool:
        with progress("Règlements", check.good) as advance:
            outcome = import_settlements(
                check.values(), stores=portal.stores, clock=portal.clock, agent=who, rules=rules, progress=advance
            )
        say(typeset(f"{thousands(len(outcome.of(WRITTEN)))} règlement(s) enregistré(s), {_cents(outcome, WRITTEN)}."))
        return bool(outcome.refused or outcome.held)

    done = write_checked(check, plan.refused, options, write)
    return ExitCode.PARTLY if done is ExitCode.DONE and plan.held else done


def _show_plan(check: FileCheck[Settlement], plan: SettlementsOutcome) -> None:
    file = check.file
    show_bad_lines(file, [*check.bad_lines, *map(_bad_line, plan.refused)])
    for line in plan.lines:
        for remark in remarks_on(line):
            say(typeset(f"{file.name}, ligne {line.line} : facture n° {line.settlement.number}, {remark}"))
    if any(line.outcome in FREED_BY_ANYWAY for line in plan.held):
        say(typeset("Ces lignes sont retenues : --quand-meme enregistre celles qui sont justes."))
    rows = [
        ("À enregistrer", thousands(len(plan.of(WRITTEN))), _cents(plan, WRITTEN)),
        ("dont trop-perçu", thousands(len(plan.surplus)), euros(sum(line.surplus_cents for line in plan.surplus))),
        ("Déjà connus", thousands(len(plan.of(KNOWN))), _cents(plan, KNOWN)),
        ("Retenus", thousands(len(plan.held)), euros(sum(line.settlement.amount_cents for line in plan.held))),
        ("Refusés", thousands(check.faulty + len(plan.refused)), _cents(plan, REFUSALS)),
    ]
    show_totals(file.name, rows)


def remarks_on(line: Line) -> Iterator[str]:
    """Yields what the agent must know of a line that is not refused."""
    said = _outcome(line, " ; ".join(map(described, line.alike)))
    if said:
        yield f"{euros(line.settlement.amount_cents)}, {said}"
    if line.surplus_cents:
        yield f"trop-perçu de {euros(line.surplus_cents)}{_replaced(line)}"
    if line.same_reference_on:
        yield f"même référence que sur la facture n° {', n° '.join(line.same_reference_on)}"


def _outcome(line: Line, like: str) -> str:
    """Returns what a line became, `like`: the entries it is known as, resembles or takes back; "" when just booked."""
    if line.outcome in HELD_FOR:
        issued_on = short_day(line.invoice.issued_on) if line.invoice else ""
        return f"retenu : {HELD_FOR[line.outcome].format(issued_on=issued_on)} {like}".rstrip()
    if line.outcome is LineOutcome.BOOKED:
        doubt = "si c'est le même, annulez l'un des deux par « reglements annuler »"
        return f"même montant et même référence que le {like} : {doubt}" if like else ""
    undone = " ; annulé depuis" if line.undone else ""
    return {
        LineOutcome.KNOWN: f"déjà connu : {like}{undone}",
        LineOutcome.KNOWN_BY_CARD: "déjà connu : paiement par carte du portail",
        LineOutcome.UNDONE: f"annule le {like}",
        LineOutcome.OFFSET: f"imputé de la facture n° {line.source}",
    }.get(line.outcome, "")


def described(entry: LedgerEntry) -> str:
    """« mouvement K7Q2MX du 04/11/2026, 10,00 €, réf. 0012345 »."""
    reference = f", réf. {entry.reference}" if entry.reference else ", sans référence"
    return f"mouvement {movement_id(entry)} du {short_day(entry.day)}, {euros(entry.amount_cents)}{reference}"


def _replaced(line: Line) -> str:
    """Says that the invoice is cancelled, and by which one it was replaced."""
    if line.invoice is None or not line.invoice.cancelled_for:
        return ""
    other = line.invoice.replaced_by
    return ", facture annulée" + (f", remplacée par la facture n° {other} : imputez-le sur elle" if other else "")


def _cents(outcome: SettlementsOutcome, outcomes: frozenset[LineOutcome]) -> str:
    return euros(outcome.cents(outcomes))


def _bad_line(line: Line) -> BadLine:
    return BadLine(line.line, COLUMNS.get(line.outcome, "numero"), typeset(REASONS[line.outcome]))
