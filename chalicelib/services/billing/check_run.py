"""Check of a billing file while it is read: errors line by line, suspicious invoices, and totals.

Findings are written as they are found; only one number per account and one per invoice stay in memory.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from chalicelib.domain.billing_run import BillingRun, Figures, RunKind
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.models import Model
from chalicelib.domain.run_report import FieldChange, Finding, FindingKind
from chalicelib.importing.records import Record
from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.services.billing.invoice_import import Numbered, Refusal, SortedInvoices


class FileCheck:
    """One reading of the file of `run`. Findings are written to `out`, as JSON lines."""

    def __init__(self, run: BillingRun, out: IO[bytes]) -> None:
        self._run = run.run
        self._state = InvoiceState.PREPARED if run.kind is RunKind.CAMPAIGN else InvoiceState.ISSUED
        self._out = out
        self._counts: Counter[str] = Counter()
        self._first_lines: dict[int, int] = {}
        self._first_due_on: date | None = None
        self._last_due_on: date | None = None
        self.amounts: Counter[str] = Counter()
        self.errors = 0

    @property
    def figures(self) -> Figures:
        return Figures(**self._counts, first_due_on=self._first_due_on, last_due_on=self._last_due_on)

    def readable_invoices(self, records: Iterable[Record[Invoice]]) -> Iterator[Numbered]:
        """Yields the readable invoices as invoices of the run, and records a finding for each other line.

        A file in which nothing can be read yields nothing, and its errors are recorded.
        """
        try:
            for record in records:
                self._add_unreadable(record.problems, record.key)
                if record.value:
                    self._check(record.line, record.value)
                    yield record.line, record.value.model_copy(update={"run": self._run, "state": self._state})
        except FileRefused as refusal:
            self._add_unreadable(refusal.bad_lines)

    def count_batch(self, sorted_invoices: SortedInvoices) -> None:
        """Add a batch to the figures, and its refusals to the findings."""
        for refusal in sorted_invoices.refused:
            self._add(_refusal_finding(refusal))
        new, existing = sorted_invoices.new, sorted_invoices.existing
        of_run = [invoice for _, invoice in new] + [invoice for invoice in existing if invoice.run == self._run]
        self._counts["known"] += len(new) + len(existing) - len(of_run)
        for invoice in of_run:
            self._count(invoice)

    def _count(self, invoice: Invoice) -> None:
        self._counts["invoices"] += 1
        self._counts["total_cents"] += invoice.billed_cents
        self._counts["debits"] += invoice.direct_debit
        self._counts["credits"] += invoice.billed_cents < 0
        self._counts["zeros"] += invoice.billed_cents == 0
        self.amounts[invoice.username] += invoice.billed_cents
        if invoice.billed_cents > 0:
            self._first_due_on = min(invoice.due_on, self._first_due_on or invoice.due_on)
            self._last_due_on = max(invoice.due_on, self._last_due_on or invoice.due_on)

    def _check(self, line: int, invoice: Invoice) -> None:
        """Record what is valid but suspicious: a credit note, a zero, or the same content under another number."""
        content = hash((invoice.username, invoice.label, invoice.period, invoice.issued_on, invoice.lines))
        first_line = self._first_lines.setdefault(content, line)
        if first_line != line:
            self._counts["doubles"] += 1
            self._add(Finding(kind=FindingKind.DOUBLE, line=line, number=invoice.number, other_line=first_line))
        if invoice.billed_cents <= 0:
            kind = FindingKind.CREDIT if invoice.billed_cents else FindingKind.ZERO
            self._add(Finding(kind=kind, line=line, number=invoice.number, amount_cents=invoice.billed_cents))

    def _add_unreadable(self, problems: Iterable[BadLine], number: str = "") -> None:
        for bad in problems:
            kind = FindingKind.UNREADABLE
            self._add(Finding(kind=kind, line=bad.line, number=number, column=bad.column, reason=bad.reason))

    def _add(self, finding: Finding) -> None:
        self.errors += finding.kind.error
        self._out.write(finding.model_dump_json(exclude_defaults=True).encode() + b"\n")


def _refusal_finding(refusal: Refusal) -> Finding:
    return Finding(
        kind=FindingKind.REFUSED,
        line=refusal.line,
        number=refusal.number,
        reason=refusal.reason,
        changes=tuple(
            FieldChange(field=one.field, held=_json_value(one.existing), given=_json_value(one.imported))
            for one in refusal.differences
        ),
    )


def _json_value(value: object) -> object:
    """Returns a field's value as JSON can hold it."""
    if isinstance(value, tuple):
        return [_json_value(one) for one in value]
    return value.model_dump(mode="json") if isinstance(value, Model) else value
