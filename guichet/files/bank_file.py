"""The bank's export beside our ledger: read from end to end, settled where a notice was lost, told line by line."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from chalicelib.domain.bank_notice import Fate
from chalicelib.domain.payment import Notice
from chalicelib.formats import day_in_paris, euros, short_day, thousands
from chalicelib.importing.bank_export import DEFAULT, Bounds, Columns, Other, read_bank_export
from chalicelib.importing.csv_reader import BadLine, FileRefused
from chalicelib.portal import Portal
from chalicelib.services.payments.receive_notice import follow_up
from chalicelib.services.payments.reconcile import Line, Reconciliation, reconcile
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, complain, progress, say, show_bad_lines, show_totals, stop
from guichet.failures import opened
from guichet.input_file import reading

SAID = {
    Fate.PAID: "enregistré maintenant",
    Fate.PAID_AGAIN: "second paiement, enregistré maintenant en trop-perçu",
    Fate.NOTHING_NEW: "déjà connu",
    Fate.UNKNOWN: "inconnu du portail",
    Fate.DIFFERENT: "montant différent de celui du portail",
}
SETTLED = (Fate.PAID, Fate.PAID_AGAIN)


@dataclass
class Check:
    """What a reading of the export found; `others` are movements that are no payments."""

    bad_lines: list[BadLine] = field(default_factory=list)
    payments: list[tuple[int, Notice]] = field(default_factory=list)
    others: list[tuple[int, Other]] = field(default_factory=list)

    def read(self, stream: BinaryIO, columns: Columns, bounds: Bounds) -> None:
        """Raises FileRefused."""
        for record in read_bank_export(stream, columns, bounds):
            self.bad_lines += record.problems
            if isinstance(record.value, Notice):
                self.payments.append((record.line, record.value))
            elif record.value is not None:
                self.others.append((record.line, record.value))


def reconcile_file(file: Path, columns: Path | None, *, dry_run: bool) -> ExitCode:
    """Reconcile with one export. Answers how the command ends: what is left unexplained makes it end partly."""
    portal, check = opened(), Check()
    bounds = Bounds(day_in_paris(portal.clock()), tests_accepted=portal.bank.tests_accepted)
    with reading(file) as stream:
        try:
            check.read(stream, _columns(columns), bounds)
        except FileRefused as refusal:
            show_bad_lines(file, refusal.bad_lines)
            complain("Rien n’a été rapproché.")
            return ExitCode.REFUSED
    show_bad_lines(file, check.bad_lines)
    with progress("Rapprochement", len(check.payments)) as advance:
        done = reconcile(check.payments, stores=portal.stores, clock=portal.clock, dry_run=dry_run, progress=advance)
    if not dry_run:
        _follow(done, portal)
    _tell(file, check, done)
    if dry_run:
        say(typeset("Essai : rien n'a été écrit."))
    odd = check.bad_lines or done.absent or done.of(Fate.UNKNOWN, Fate.DIFFERENT, Fate.PAID_AGAIN)
    above = any(line.settled.surplus_cents for line in done.lines)
    return ExitCode.PARTLY if odd or above else ExitCode.DONE


def _columns(path: Path | None) -> Columns:
    try:
        return Columns.load(path or DEFAULT)
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as failure:
        stop(ExitCode.MISUSE, typeset(f"--colonnes : {path} ne peut pas être lu ({failure})"))


def _follow(done: Reconciliation, portal: Portal) -> None:
    """The receipts of what was settled now, and the traces."""
    for line in done.lines:
        follow_up(line.settled, tasks=portal.tasks, journal=portal.stores.journal, clock=portal.clock)


def _tell(file: Path, check: Check, done: Reconciliation) -> None:
    for line in done.lines:
        if line.settled.fate is not Fate.NOTHING_NEW:
            say(f"{file.name}, ligne {line.line}\u00a0: {_told(line)}")
    for number, other in check.others:
        what = ", ".join(filter(None, (other.reference, other.said)))
        say(typeset(f"{file.name}, ligne {number} : {what}, autre opération, laissée"))
    for entry in done.absent:
        what = f"{entry.reference}, facture n° {entry.invoice_number}, {euros(entry.amount_cents)}"
        say(typeset(f"Absent du fichier : {what}, compté le {short_day(entry.counted_on)}"))
    show_totals(file.name, list(_rows(check, done)))


def _told(line: Line) -> str:
    attempt, notice = line.settled.attempt, line.notice
    said = f"{notice.reference}, {euros(notice.amount_cents)}, {SAID[line.settled.fate]}"
    if attempt is None:
        return typeset(said)
    if line.settled.fate is Fate.DIFFERENT:
        return typeset(f"{said} ({euros(attempt.amount_cents)})")
    above = line.settled.surplus_cents
    surplus = f", trop-perçu de {euros(above)}" if above else ""
    return typeset(f"{said}, facture n° {attempt.invoice_number}{surplus}")


def _rows(check: Check, done: Reconciliation) -> Iterator[tuple[str, str, str]]:
    groups = (
        ("Enregistrés maintenant", SETTLED),
        ("Déjà connus", (Fate.NOTHING_NEW,)),
        ("Inconnus du portail", (Fate.UNKNOWN,)),
        ("Montants différents", (Fate.DIFFERENT,)),
    )
    for label, fates in groups:
        lines = done.of(*fates)
        yield label, thousands(len(lines)), euros(sum(line.notice.amount_cents for line in lines))
    absent = done.absent
    yield "Absents du fichier", thousands(len(absent)), euros(sum(entry.amount_cents for entry in absent))
    yield "Autres opérations, laissées", thousands(len(check.others)), ""
    yield "Illisibles", thousands(len({bad.line for bad in check.bad_lines})), ""
