"""Import of invoices: each is added or refused as a whole, and an issued invoice is never changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.invoice import Invoice, InvoiceState, InvoiceSummary
from chalicelib.errors import NumberTaken
from chalicelib.services.account.family_import import Difference, differences
from chalicelib.services.billing.legacy_documents import OtherDocument, Takeover
from chalicelib.stores import Stores

Numbered = tuple[int, Invoice]
"""The line of the file on which an invoice begins, and the invoice."""

FROM_FILE = ("username", "label", "period", "issued_on", "due_on", "billed_cents", "lines")
"""Fields that never change once issued. `paid_cents` does: the portal may know of more payments than the file."""

Progress = Callable[[int], None]
"""Called with the number of invoices just done."""


class Reason(StrEnum):
    """Why a readable invoice is refused."""

    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    NUMBER_TAKEN = "NUMBER_TAKEN"
    ALREADY_ISSUED = "ALREADY_ISSUED"
    AWAITS_ITS_RUN = "AWAITS_ITS_RUN"


@dataclass(frozen=True)
class Refusal:
    """A refused invoice. `differences`: fields where the file differs from what was issued."""

    line: int
    number: str
    reason: Reason
    differences: tuple[Difference, ...] = ()


@dataclass
class InvoicesOutcome:
    """What an import did, or would do; `undrawn`: (username, number) of those whose document is still to be drawn."""

    added: int = 0
    added_cents: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    undrawn: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class SortedInvoices:
    """A batch sorted by outcome. `new` invoices carry their account's direct debit; `existing` ones are as stored."""

    new: list[Numbered] = field(default_factory=list)
    existing: list[Invoice] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


OnBatch = Callable[[SortedInvoices], None]
"""Called with each batch once it is written."""


def import_invoices(
    numbered: Iterable[Numbered], *, stores: Stores, takeover: Takeover | None = None, dry_run: bool = False,
    progress: Progress = lambda _: None, on_batch: OnBatch = lambda _: None,
) -> InvoicesOutcome:  # fmt: skip
    """Add the new invoices, a batch at a time; each number occurs once. With `dry_run`, nothing is written.

    `on_batch` is called with each batch once it is written. Returns the counts and refusals. Raises Unavailable.
    """
    outcome = InvoicesOutcome()
    for batch in in_batches(numbered):
        sorted_invoices = sort_invoices(batch, stores=stores, takeover=takeover)
        if not dry_run:
            sorted_invoices = write_invoices(sorted_invoices, stores=stores, takeover=takeover)
        _report(sorted_invoices, outcome)
        on_batch(sorted_invoices)
        progress(len(batch))
    return outcome


def sort_invoices(batch: Sequence[Numbered], *, stores: Stores, takeover: Takeover | None = None) -> SortedInvoices:
    """Returns the batch sorted into new, existing and refused invoices, in three reads for the whole batch."""
    accounts = stores.accounts.find_many(sorted({invoice.username for _, invoice in batch}))
    owners = stores.invoices.owners([invoice.number for _, invoice in batch])
    existing = stores.invoices.find_many([(owner, number) for number, owner in owners.items()])
    sorted_invoices = SortedInvoices()
    for line, invoice in batch:
        account, found = accounts.get(invoice.username), existing.get(invoice.number)
        if account is None:
            sorted_invoices.refused.append(Refusal(line, invoice.number, Reason.UNKNOWN_ACCOUNT))
        elif owners.get(invoice.number, invoice.username) != invoice.username:
            sorted_invoices.refused.append(Refusal(line, invoice.number, Reason.NUMBER_TAKEN))
        elif found is None:
            sorted_invoices.new.append((line, invoice.model_copy(update={"direct_debit": account.direct_debit})))
        else:
            _sort_existing(line, found, invoice, sorted_invoices, takeover=takeover)
    return sorted_invoices


def _sort_existing(
    line: int, existing: Invoice, imported: Invoice, sorted_invoices: SortedInvoices, *, takeover: Takeover | None
) -> None:
    changes = changes_of(existing, imported) + (takeover.changes(existing) if takeover else ())
    if changes:
        sorted_invoices.refused.append(Refusal(line, imported.number, reason_of(changes), changes))
    else:
        sorted_invoices.existing.append(existing)


def changes_of(existing: Invoice, imported: Invoice) -> tuple[Difference, ...]:
    """Returns the differences, ignoring payments that only the portal knows of.

    An invoice of a run that is not published belongs to that run: the difference is `run`.
    """
    paid = ("paid_cents",) if imported.paid_cents > existing.paid_cents else ()
    waiting = ("run",) if existing.state is InvoiceState.PREPARED else ()
    return differences(existing, imported, FROM_FILE + paid + waiting)


def reason_of(changes: tuple[Difference, ...]) -> Reason:
    """Returns why these changes are refused."""
    return Reason.AWAITS_ITS_RUN if any(one.field == "run" for one in changes) else Reason.ALREADY_ISSUED


def write_invoices(
    sorted_invoices: SortedInvoices, *, stores: Stores, takeover: Takeover | None = None
) -> SortedInvoices:
    """Write the new invoices and the rows that their accounts' lists lack.

    Returns the batch as stored; what another import wrote differently meanwhile is refused. Raises Unavailable.
    """
    by_account: dict[str, SortedInvoices] = defaultdict(SortedInvoices)
    for numbered in sorted_invoices.new:
        by_account[numbered[1].username].new.append(numbered)
    for invoice in sorted_invoices.existing:
        by_account[invoice.username].existing.append(invoice)
    rows = stores.summaries.find_many(sorted({invoice.username for invoice in sorted_invoices.existing}))
    writers = [_AccountWriter(username, rows.get(username, ()), stores, takeover) for username in by_account]
    written = in_threads(lambda writer: writer.write(by_account[writer.username]), writers)
    return SortedInvoices(
        new=[numbered for one in written for numbered in one.new],
        existing=[invoice for one in written for invoice in one.existing],
        refused=sorted_invoices.refused + [refusal for one in written for refusal in one.refused],
    )


class _AccountWriter:
    """Writes one account's invoices of a batch; rows come last, so that a list never names a missing invoice."""

    def __init__(
        self, username: str, rows: Sequence[InvoiceSummary], stores: Stores, takeover: Takeover | None
    ) -> None:
        self.username = username
        self._rows = {row.number: row for row in rows}
        self._stores = stores
        self._takeover = takeover

    def write(self, wanted: SortedInvoices) -> SortedInvoices:
        written = SortedInvoices(existing=[self._with_document(invoice) for invoice in wanted.existing])
        for numbered in wanted.new:
            self._add(numbered, written)
        self._write_rows([*written.existing, *(invoice for _, invoice in written.new)])
        return written

    def _write_rows(self, invoices: Sequence[Invoice]) -> None:
        """Add the missing rows; replace only those without their document's size.

        A row written meanwhile stays: the payment that wrote it is more recent.
        """
        rows = [invoice.summary for invoice in invoices if invoice.visible]
        missing = [row for row in rows if row.number not in self._rows]
        without_size = [row for row in rows if row.number in self._rows and not self._rows[row.number].size_bytes]
        self._stores.summaries.add_rows(self.username, missing)
        self._stores.summaries.put_rows(self.username, [row for row in without_size if row.size_bytes])

    def _with_document(self, invoice: Invoice) -> Invoice:
        if not self._takeover or invoice.document:
            return invoice
        document = self._takeover.keep(invoice.number)
        return self._stores.invoices.attach_document(invoice.username, invoice.number, document)

    def _add(self, numbered: Numbered, written: SortedInvoices) -> None:
        line, invoice = numbered
        try:
            if self._takeover:
                invoice = invoice.model_copy(update={"document": self._takeover.keep(invoice.number)})
            if self._stores.invoices.add(invoice):
                written.new.append((line, invoice))
                return
        except NumberTaken:
            written.refused.append(Refusal(line, invoice.number, Reason.NUMBER_TAKEN))
            return
        except OtherDocument as other:
            written.refused.append(Refusal(line, invoice.number, Reason.ALREADY_ISSUED, (other.difference,)))
            return
        self._compare(numbered, written)

    def _compare(self, numbered: Numbered, written: SortedInvoices) -> None:
        """Accept what a concurrent import wrote if it is the same, else refuse."""
        line, invoice = numbered
        existing = self._stores.invoices.find(invoice.username, invoice.number)
        changes = changes_of(existing, invoice) if existing else ()
        if existing and not changes:
            written.existing.append(existing)
        else:
            written.refused.append(Refusal(line, invoice.number, reason_of(changes), changes))


def _report(sorted_invoices: SortedInvoices, outcome: InvoicesOutcome) -> None:
    outcome.added += len(sorted_invoices.new)
    outcome.added_cents += sum(invoice.billed_cents for _, invoice in sorted_invoices.new)
    outcome.unchanged += len(sorted_invoices.existing)
    outcome.refused += sorted_invoices.refused
    stored = [invoice for _, invoice in sorted_invoices.new] + sorted_invoices.existing
    outcome.undrawn += [(invoice.username, invoice.number) for invoice in stored if invoice.document is None]
