"""Imports a file of invoices: checked whole first, then written, then drawn as PDFs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from chalicelib.domain.invoice import Invoice
from chalicelib.formats import day_in_paris, euros, thousands
from chalicelib.importing.documents import check_documents, read_document
from chalicelib.importing.invoices import read_invoices
from chalicelib.importing.records import Record
from chalicelib.importing.rows import BadLine
from chalicelib.portal import Portal
from chalicelib.services.billing.import_run import DirectImport, identify_file, import_run
from chalicelib.services.billing.invoice_import import InvoicesOutcome, Numbered, Refusal, import_invoices
from chalicelib.services.billing.legacy_documents import Takeover
from guichet import agent
from guichet.console import ExitCode, progress, say, show_bad_lines, show_totals
from guichet.failures import open_portal
from guichet.files.checked_file import ADVICE, NOT_IMPORTED, FileCheck, ImportOptions, open_or_refuse, write_checked
from guichet.files.draw_pdfs import draw
from guichet.wording.common import COLUMNS, REASONS, difference_of, pluralized


@dataclass(frozen=True)
class Options(ImportOptions):
    """The command's options; `pdf` is the folder of PDFs taken over from another software."""

    pdf: Path | None = None


@dataclass
class Check(FileCheck[Invoice]):
    """Result of checking the file, with the total of its good invoices in cents."""

    cents: int = 0

    def sift(self) -> Iterator[Numbered]:
        for line, invoice in super().sift():
            self.cents += invoice.billed_cents
            yield line, invoice


def import_invoice_file(file: Path, options: Options) -> ExitCode:
    """Import one file. Returns the exit code."""
    portal = open_portal()
    with open_or_refuse(file, NOT_IMPORTED) as stream:
        return _Import(file, stream, options, portal).run()


class _Import:
    def __init__(self, file: Path, stream: BinaryIO, options: Options, portal: Portal) -> None:
        self._stream, self._options, self._portal = stream, options, portal
        self._check = Check(file, self._records)
        folder = options.pdf
        read = (lambda number: read_document(folder, number)) if folder else None
        self._takeover = Takeover(read, portal.stores.documents, portal.clock) if read else None

    def run(self) -> ExitCode:
        check = self._check
        plan = import_invoices(check.sift(), stores=self._portal.stores, takeover=self._takeover, dry_run=True)
        self._show_plan(plan)
        advice = "" if check.good == len(plan.refused) else ADVICE
        return write_checked(check, plan.refused, self._options, lambda: self._write(plan), advice=advice)

    def _records(self) -> Iterator[Record[Invoice]]:
        records = read_invoices(self._stream)
        return check_documents(records, self._options.pdf) if self._options.pdf else records

    def _write(self, plan: InvoicesOutcome) -> bool:
        """Returns whether some invoices are left out."""
        portal = self._portal
        file = identify_file(self._stream, self._check.file.name, today=day_in_paris(portal.clock()))
        directly = DirectImport(self._records(), self._takeover)
        with progress("Import des factures", self._check.good) as advance:
            result = import_run(
                file, by=agent.acting(), stores=portal.stores, clock=portal.clock, direct=directly, progress=advance
            )
        outcome = result.outcome or InvoicesOutcome()
        say(f"{pluralized(outcome.added, 'facture importée', 'factures importées')}, {euros(outcome.added_cents)}.")
        if outcome.undrawn:
            drawn = draw(outcome.undrawn, portal=self._portal)
            say(f"{pluralized(drawn, 'PDF tracé', 'PDF tracés')}.")
        return bool(plan.refused or outcome.refused)

    def _show_plan(self, plan: InvoicesOutcome) -> None:
        check = self._check
        show_bad_lines(check.file, [*check.bad_lines, *map(bad_line, plan.refused)])
        rows = [
            ("Nouvelles", thousands(plan.added), euros(plan.added_cents)),
            ("Déjà là, inchangées", thousands(plan.unchanged), ""),
            ("Refusées", thousands(check.faulty + len(plan.refused)), ""),
            ("Lisibles dans le fichier", thousands(check.good), euros(check.cents)),
        ]
        show_totals(check.file.name, rows)


def bad_line(refusal: Refusal) -> BadLine:
    """Returns a refusal as the line of the file that it is about, with what differs."""
    details = "\u00a0; ".join(map(difference_of, refusal.differences))
    reason = REASONS[refusal.reason] + (f"\u00a0; {details}" if details else "")
    return BadLine(refusal.line, COLUMNS[refusal.reason], f"facture n°\u00a0{refusal.number}, {reason}")
