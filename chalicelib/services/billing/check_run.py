"""Look at a billing file as it goes by: what is wrong line by line, what looks odd, and how it adds up.

Findings are written as they are found; what stays in memory is one number an account and one an invoice.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from chalicelib.domain.billing_run import BillingRun, Figures, RunKind
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.models import Model
from chalicelib.domain.run_report import FieldChange, Finding, FindingKind
from chalicelib.importing.csv_reader import BadLine, FileRefused
from chalicelib.importing.records import Record
from chalicelib.services.account.family_import import Difference
from chalicelib.services.billing.invoice_import import Numbered, Refusal, SortedInvoices


class Check:
    """One reading of the file of `run`. Findings go to `out`, as JSON lines."""

    def __init__(self, run: BillingRun, out: IO[bytes]) -> None:
        self._run = run.run
        self._state = InvoiceState.PREPARED if run.kind is RunKind.CAMPAIGN else InvoiceState.ISSUED
        self._out = out
        self._counts: Counter[str] = Counter()
        self._looks: dict[int, int] = {}
        self._first_due_on: date | None = None
        self.amounts: Counter[str] = Counter()
        self.errors = 0

    @property
    def figures(self) -> Figures:
        return Figures(**self._counts, first_due_on=self._first_due_on)

    def sift(self, records: Iterable[Record[Invoice]]) -> Iterator[Numbered]:
        """Let the readable invoices through, in the name of the run, and note what is wrong with the others.

        Of a file in which nothing can be read, what is wrong is noted, and nothing comes through.
        """
        try:
            for record in records:
                self._unreadable(record.problems, record.key)
                if record.value:
                    self._look(record.line, record.value)
                    yield record.line, record.value.model_copy(update={"run": self._run, "state": self._state})
        except FileRefused as refusal:
            self._unreadable(refusal.bad_lines)

    def see(self, told_apart: SortedInvoices) -> None:
        """Count what became of a batch."""
        for refusal in told_apart.refused:
            self._note(_refused(refusal))
        mine = [invoice for _, invoice in told_apart.new]
        mine += [invoice for invoice in told_apart.held if invoice.run == self._run]
        self._counts["known"] += len(told_apart.new) + len(told_apart.held) - len(mine)
        for invoice in mine:
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

    def _look(self, line: int, invoice: Invoice) -> None:
        """Odd, though right: below zero, nothing at all, or the same as another one under another number."""
        look = hash((invoice.username, invoice.label, invoice.period, invoice.issued_on, invoice.lines))
        twin = self._looks.setdefault(look, line)
        if twin != line:
            self._counts["doubles"] += 1
            self._note(Finding(kind=FindingKind.DOUBLE, line=line, number=invoice.number, other_line=twin))
        if invoice.billed_cents <= 0:
            kind = FindingKind.CREDIT if invoice.billed_cents else FindingKind.ZERO
            self._note(Finding(kind=kind, line=line, number=invoice.number, amount_cents=invoice.billed_cents))

    def _unreadable(self, problems: Iterable[BadLine], number: str = "") -> None:
        for bad in problems:
            kind = FindingKind.UNREADABLE
            self._note(Finding(kind=kind, line=bad.line, number=number, column=bad.column, reason=bad.reason))

    def _note(self, finding: Finding) -> None:
        self.errors += finding.kind.error
        self._out.write(finding.model_dump_json(exclude_defaults=True).encode() + b"\n")


def _refused(refusal: Refusal) -> Finding:
    return Finding(
        kind=FindingKind.REFUSED,
        line=refusal.line,
        number=refusal.number,
        reason=refusal.reason,
        changes=tuple(map(_change, refusal.differences)),
    )


def _change(difference: Difference) -> FieldChange:
    return FieldChange(field=difference.field, held=_plain(difference.held), given=_plain(difference.given))


def _plain(value: object) -> object:
    """A field's value in JSON's values."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.model_dump(mode="json") if isinstance(value, Model) else value
