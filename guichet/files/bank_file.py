"""Reconciles the bank's export with the ledger: books payments whose notice was lost, prints every difference."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from chalicelib.domain.bank_notice import NoticeOutcome
from chalicelib.domain.payment import Notice
from chalicelib.formats import day_in_paris, euros, short_day, thousands
from chalicelib.importing.bank_export import DEFAULT, Columns, ExportLimits, OtherMovement, read_bank_export
from chalicelib.importing.rows import BadLine
from chalicelib.portal import Portal
from chalicelib.services.payments.receive_notice import follow_up
from chalicelib.services.payments.reconcile import (
    Line,
    Reconciliation,
    SharedOperation,
    keep_reconciliation,
    reconcile,
)
from chalicelib.wording.guide import typeset
from chalicelib.wording.importing import enumeration
from guichet.console import ExitCode, progress, say, show_bad_lines, show_totals, stop
from guichet.display.money import invoices_description
from guichet.failures import open_portal
from guichet.files.checked_file import DRY_RUN, FileCheck, open_or_refuse

OUTCOMES = {
    NoticeOutcome.PAID: "enregistré maintenant",
    NoticeOutcome.PAID_AGAIN: "second paiement, enregistré maintenant en trop-perçu",
    NoticeOutcome.NOTHING_NEW: "déjà connu",
    NoticeOutcome.UNKNOWN: "inconnu du portail",
    NoticeOutcome.DIFFERENT: "montant différent de celui du portail",
}
NOT_RECONCILED = typeset("Rien n'a été rapproché.")
SETTLED = (NoticeOutcome.PAID, NoticeOutcome.PAID_AGAIN)


@dataclass
class Check(FileCheck[Notice | OtherMovement]):
    """Result of parsing the export; `others` are movements that are no payments."""

    payments: list[tuple[int, Notice]] = field(default_factory=list)
    others: list[tuple[int, OtherMovement]] = field(default_factory=list)

    def sort(self) -> None:
        """Read the whole file. Raises FileRefused."""
        for line, movement in self.sift():
            if isinstance(movement, Notice):
                self.payments.append((line, movement))
            else:
                self.others.append((line, movement))


def reconcile_file(file: Path, columns: Path | None, *, dry_run: bool) -> ExitCode:
    """Reconcile with one export. Returns the exit code: PARTLY when a line needs review."""
    portal = open_portal()
    limits = ExportLimits(day_in_paris(portal.clock()), tests_accepted=portal.bank.tests_accepted)
    with open_or_refuse(file, NOT_RECONCILED) as stream:
        check = Check(file, lambda: read_bank_export(stream, _columns(columns), limits))
        check.sort()
    show_bad_lines(file, check.bad_lines)
    with progress("Rapprochement", len(check.payments)) as advance:
        result = reconcile(check.payments, stores=portal.stores, clock=portal.clock, dry_run=dry_run, progress=advance)
    if not dry_run:
        _follow_up(result, portal)
        if check.payments or not check.bad_lines:  # a file of which nothing could be read reconciles nothing
            keep_reconciliation(result, stores=portal.stores, clock=portal.clock)
    _show_reconciliation(check, result)
    if dry_run:
        say(DRY_RUN)
    odd = (
        check.bad_lines
        or result.absent
        or result.shared
        or result.of(NoticeOutcome.UNKNOWN, NoticeOutcome.DIFFERENT, NoticeOutcome.PAID_AGAIN)
    )
    above = any(line.settled.surplus_cents for line in result.lines)
    return ExitCode.PARTLY if odd or above else ExitCode.DONE


def _columns(path: Path | None) -> Columns:
    try:
        return Columns.load(path or DEFAULT)
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as failure:
        stop(ExitCode.MISUSE, typeset(f"--colonnes : {path} ne peut pas être lu ({failure})"))


def _follow_up(result: Reconciliation, portal: Portal) -> None:
    """Send the receipts of the payments booked now, and write their journal entries."""
    for line in result.lines:
        follow_up(line.settled, tasks=portal.tasks, journal=portal.stores.journal, clock=portal.clock)


def _show_reconciliation(check: Check, result: Reconciliation) -> None:
    file = check.file
    show_bad_lines(file, (BadLine(one.line, "", _shared_with(one)) for one in result.shared))
    for line in result.lines:
        if line.settled.fate is not NoticeOutcome.NOTHING_NEW:
            say(f"{file.name}, ligne {line.line}\u00a0: {_line_outcome(line)}")
    for number, other in check.others:
        details = ", ".join(filter(None, (other.reference, other.description)))
        say(typeset(f"{file.name}, ligne {number} : {details}, autre opération, laissée"))
    for entry in result.absent:
        details = f"{entry.reference}, facture n° {entry.invoice_number}, {euros(entry.amount_cents)}"
        say(typeset(f"Absent du fichier : {details}, compté le {short_day(entry.counted_on)}"))
    show_totals(file.name, list(_rows(check, result)))


def _shared_with(shared: SharedOperation) -> str:
    """« l’opération 83 de la banque est aussi celle de … (ligne 3) : une opération ne paie qu’une fois… »."""
    number, lines = shared.notice.transaction or shared.notice.call, shared.numbers
    where = f" ({'ligne' if len(lines) == 1 else 'lignes'} {enumeration(lines)})" if lines else ""
    whose = f"l'opération {number} de la banque est aussi celle de {enumeration(shared.references)}{where}"
    left = "ce paiement reste tel qu'il est déjà enregistré" if shared.booked else "la ligne est laissée"
    return typeset(
        f"{shared.notice.reference}, {euros(shared.notice.amount_cents)} : {whose}, et une opération ne paie qu'une "
        f"fois : {left}. Demandez à la banque laquelle elle a payée, et retirez l'autre du fichier"
    )


def _line_outcome(line: Line) -> str:
    attempt, notice = line.settled.attempt, line.notice
    sentence = f"{notice.reference}, {euros(notice.amount_cents)}, {OUTCOMES[line.settled.fate]}"
    if attempt is None:
        return typeset(sentence)
    if line.settled.fate is NoticeOutcome.DIFFERENT:
        return typeset(f"{sentence} ({euros(attempt.amount_cents)})")
    above = line.settled.surplus_cents
    surplus = f", trop-perçu de {euros(above)}" if above else ""
    return typeset(f"{sentence}, {invoices_description(attempt)}{surplus}")


def _rows(check: Check, result: Reconciliation) -> Iterator[tuple[str, str, str]]:
    groups = (
        ("Enregistrés maintenant", SETTLED),
        ("Déjà connus", (NoticeOutcome.NOTHING_NEW,)),
        ("Inconnus du portail", (NoticeOutcome.UNKNOWN,)),
        ("Montants différents", (NoticeOutcome.DIFFERENT,)),
    )
    for label, fates in groups:
        lines = result.of(*fates)
        yield label, thousands(len(lines)), euros(sum(line.notice.amount_cents for line in lines))
    left = [one for one in result.shared if not one.booked]
    yield "Laissés, même opération", thousands(len(left)), euros(sum(one.notice.amount_cents for one in left))
    absent = result.absent
    yield "Absents du fichier", thousands(len(absent)), euros(sum(entry.amount_cents for entry in absent))
    yield "Autres opérations, laissées", thousands(len(check.others)), ""
    yield "Illisibles", thousands(len({bad.line for bad in check.bad_lines})), ""
