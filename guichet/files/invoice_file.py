"""Imports a file of invoices: checked whole first, then written, then drawn as PDFs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from chalicelib.domain.invoice import Invoice
from chalicelib.formats import day_in_paris, euros, thousands
from chalicelib.importing.csv_reader import BadLine, FileRefused
from chalicelib.importing.documents import check_documents, read_document
from chalicelib.importing.invoices import read_invoices
from chalicelib.importing.records import Record
from chalicelib.portal import Portal
from chalicelib.services.billing.import_run import DirectImport, identify_file, import_run
from chalicelib.services.billing.invoice_import import InvoicesOutcome, Numbered, Refusal, import_invoices
from chalicelib.services.billing.legacy_documents import Takeover
from guichet import agent
from guichet.console import ExitCode, progress, say, show_bad_lines, show_totals, warn
from guichet.failures import open_portal
from guichet.files.draw_pdfs import draw
from guichet.input_file import open_input_file
from guichet.wording.common import COLUMNS, REASONS, difference_of


@dataclass(frozen=True)
class Options:
    """The command's options; `pdf` is the folder of PDFs taken over from another software."""

    dry_run: bool = False
    keep_good: bool = False
    pdf: Path | None = None


@dataclass
class Check:
    """Result of checking the file: faults, counts, and the total of its good invoices in cents."""

    bad_lines: list[BadLine] = field(default_factory=list)
    spoilt: int = 0
    good: int = 0
    cents: int = 0

    def sift(self, records: Iterator[Record[Invoice]]) -> Iterator[Numbered]:
        """Yields the good invoices with their lines, and collects the faults of the others."""
        for record in records:
            self.bad_lines += record.problems
            if record.value is None:
                self.spoilt += 1
            else:
                self.good += 1
                self.cents += record.value.billed_cents
                yield record.line, record.value


def import_invoice_file(file: Path, options: Options) -> ExitCode:
    """Import one file. Returns the exit code."""
    portal = open_portal()
    with open_input_file(file) as stream:
        try:
            return _Import(file, stream, options, portal).run()
        except FileRefused as refusal:
            show_bad_lines(file, refusal.bad_lines)
            warn("Rien n’a été importé.")
            return ExitCode.REFUSED


class _Import:
    def __init__(self, file: Path, stream: BinaryIO, options: Options, portal: Portal) -> None:
        self._file, self._stream, self._options, self._portal = file, stream, options, portal
        folder = options.pdf
        read = (lambda number: read_document(folder, number)) if folder else None
        self._takeover = Takeover(read, portal.stores.documents, portal.clock) if read else None

    def run(self) -> ExitCode:
        check = Check()
        plan = import_invoices(
            check.sift(self._records()), stores=self._portal.stores, takeover=self._takeover, dry_run=True
        )
        self._tell(check, plan)
        faulty = bool(check.bad_lines or plan.refused)
        if faulty and not (self._options.keep_good and check.good > len(plan.refused)):
            warn("Rien n’a été importé." + self._advice(check, plan))
            return ExitCode.REFUSED
        if self._options.dry_run:
            say("Essai\u00a0: rien n’a été écrit.")
            return ExitCode.PARTLY if faulty else ExitCode.DONE
        outcome = self._write(check.good)
        return ExitCode.PARTLY if faulty or outcome.refused else ExitCode.DONE

    def _records(self) -> Iterator[Record[Invoice]]:
        records = read_invoices(self._stream)
        return check_documents(records, self._options.pdf) if self._options.pdf else records

    def _write(self, total: int) -> InvoicesOutcome:
        portal = self._portal
        file = identify_file(self._stream, self._file.name, today=day_in_paris(portal.clock()))
        directly = DirectImport(self._records(), self._takeover)
        with progress("Import des factures", total) as advance:
            result = import_run(
                file, by=agent.acting(), stores=portal.stores, clock=portal.clock, direct=directly, progress=advance
            )
        outcome = result.outcome or InvoicesOutcome()
        say(f"{pluralized(outcome.added, 'facture importée', 'factures importées')}, {euros(outcome.added_cents)}.")
        if outcome.undrawn:
            drawn = draw(outcome.undrawn, portal=self._portal)
            say(f"{pluralized(drawn, 'PDF tracé', 'PDF tracés')}.")
        return outcome

    def _tell(self, check: Check, plan: InvoicesOutcome) -> None:
        show_bad_lines(self._file, [*check.bad_lines, *map(bad_line, plan.refused)])
        rows = [
            ("Nouvelles", thousands(plan.added), euros(plan.added_cents)),
            ("Déjà là, inchangées", thousands(plan.unchanged), ""),
            ("Refusées", thousands(check.spoilt + len(plan.refused)), ""),
            ("Lisibles dans le fichier", thousands(check.good), euros(check.cents)),
        ]
        show_totals(self._file.name, rows)

    def _advice(self, check: Check, plan: InvoicesOutcome) -> str:
        if self._options.keep_good or check.good == len(plan.refused):
            return ""
        return " Corrigez le fichier, ou relancez avec --garder-les-bonnes."


def bad_line(refusal: Refusal) -> BadLine:
    """Returns a refusal as the line of the file that it is about, with what differs."""
    details = "\u00a0; ".join(map(difference_of, refusal.differences))
    reason = REASONS[refusal.reason] + (f"\u00a0; {details}" if details else "")
    return BadLine(refusal.line, COLUMNS[refusal.reason], f"facture n°\u00a0{refusal.number}, {reason}")


def pluralized(count: int, one: str, many: str) -> str:
    """« 1 facture importée », « 2 632 factures importées »."""
    return f"{thousands(count)} {one if count < 2 else many}"
