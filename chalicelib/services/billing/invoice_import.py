"""Import of invoices: each is added whole or refused whole, and an issued invoice is never changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.concurrency import in_batches, side_by_side
from chalicelib.domain.invoice import Invoice, InvoiceState, InvoiceSummary
from chalicelib.errors import NumberTaken
from chalicelib.services.account.family_import import Difference, differences
from chalicelib.services.billing.legacy_documents import OtherDocument, Takeover
from chalicelib.stores import Stores

Numbered = tuple[int, Invoice]
"""An invoice and the line of the file on which it begins."""


class Reason(StrEnum):
    """Why an invoice that reads well is refused."""

    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    NUMBER_TAKEN = "NUMBER_TAKEN"
    ALREADY_ISSUED = "ALREADY_ISSUED"
    AWAITS_ITS_RUN = "AWAITS_ITS_RUN"


@dataclass(frozen=True)
class Refusal:
    """An invoice that stays out; `differences`: what the file says otherwise than what was issued."""

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
    """A batch told apart. `new` invoices carry what their account decides; `held` are as they stand."""

    new: list[Numbered] = field(default_factory=list)
    held: list[Invoice] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


FROM_FILE = ("username", "label", "period", "issued_on", "due_on", "billed_cents", "lines")
"""What never changes once issued. `paid_cents` lives on: the portal may know of more payments than the file."""


def changes_of(held: Invoice, given: Invoice) -> tuple[Difference, ...]:
    """Nothing when the file says the same; payments that it has not heard of are no change.

    An invoice that still waits in a run to be published belongs to that run: the difference is `run`.
    """
    paid = ("paid_cents",) if given.paid_cents > held.paid_cents else ()
    waiting = ("run",) if held.state is InvoiceState.PREPARED else ()
    return differences(held, given, FROM_FILE + paid + waiting)


def reason_of(changes: tuple[Difference, ...]) -> Reason:
    """Why these changes are refused."""
    return Reason.AWAITS_ITS_RUN if any(one.field == "run" for one in changes) else Reason.ALREADY_ISSUED


def write_invoices(told_apart: SortedInvoices, *, stores: Stores, takeover: Takeover | None = None) -> SortedInvoices:
    """Write the new ones and the rows that their accounts' lists lack.

    Answers what stands at the end; what another import wrote meanwhile is refused. Raises Unavailable.
    """
    mine: dict[str, SortedInvoices] = defaultdict(SortedInvoices)
    for numbered in told_apart.new:
        mine[numbered[1].username].new.append(numbered)
    for invoice in told_apart.held:
        mine[invoice.username].held.append(invoice)
    shown = stores.summaries.find_many(sorted({invoice.username for invoice in told_apart.held}))
    writers = [_AccountWriter(username, shown.get(username, ()), stores, takeover) for username in mine]
    written = side_by_side(lambda writer: writer.write(mine[writer.username]), writers)
    return SortedInvoices(
        new=[numbered for one in written for numbered in one.new],
        held=[invoice for one in written for invoice in one.held],
        refused=told_apart.refused + [refusal for one in written for refusal in one.refused],
    )


class _AccountWriter:
    """One account's share of a batch; its rows come last, so a list never names an invoice that does not exist."""

    def __init__(
        self, username: str, shown: Sequence[InvoiceSummary], stores: Stores, takeover: Takeover | None
    ) -> None:
        self.username = username
        self._shown = {row.number: row for row in shown}
        self._stores = stores
        self._takeover = takeover

    def write(self, wanted: SortedInvoices) -> SortedInvoices:
        written = SortedInvoices(held=[self._completed(invoice) for invoice in wanted.held])
        for numbered in wanted.new:
            self._add(numbered, written)
        self._list([*written.held, *(invoice for _, invoice in written.new)])
        return written

    def _list(self, there: Sequence[Invoice]) -> None:
        """Add the rows that lack; replace only those that do not tell their document's size.

        A row that appeared meanwhile stays: the payment that wrote it knows better.
        """
        rows = [invoice.summary for invoice in there if invoice.visible]
        lacking = [row for row in rows if row.number not in self._shown]
        without_size = [row for row in rows if row.number in self._shown and not self._shown[row.number].octets]
        self._stores.summaries.add_rows(self.username, lacking)
        self._stores.summaries.put_rows(self.username, [row for row in without_size if row.octets])

    def _completed(self, invoice: Invoice) -> Invoice:
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
        """Somebody wrote it in between: the same is welcome, anything else is refused."""
        line, invoice = numbered
        held = self._stores.invoices.find(invoice.username, invoice.number)
        changes = changes_of(held, invoice) if held else ()
        if held and not changes:
            written.held.append(held)
        else:
            written.refused.append(Refusal(line, invoice.number, reason_of(changes), changes))


Progress = Callable[[int], None]
"""Told how many invoices were just done."""

Watch = Callable[[SortedInvoices], None]
"""Told what became of a batch."""


def import_invoices(
    given: Iterable[Numbered], *, stores: Stores, takeover: Takeover | None = None, dry_run: bool = False,
    progress: Progress = lambda _: None, watch: Watch = lambda _: None,
) -> InvoicesOutcome:  # fmt: skip
    """Add the new invoices, a batch at a time, each number given once. With `dry_run`, only say what would be done.

    `watch` sees each batch once it is written. Raises Unavailable.
    """
    outcome = InvoicesOutcome()
    for batch in in_batches(given):
        told_apart = sort_invoices(batch, stores=stores, takeover=takeover)
        if not dry_run:
            told_apart = write_invoices(told_apart, stores=stores, takeover=takeover)
        _report(told_apart, outcome)
        watch(told_apart)
        progress(len(batch))
    return outcome


def sort_invoices(batch: Sequence[Numbered], *, stores: Stores, takeover: Takeover | None = None) -> SortedInvoices:
    """New, already there or refused, in three reads for the whole batch."""
    accounts = stores.accounts.find_many(sorted({invoice.username for _, invoice in batch}))
    owners = stores.invoices.owners([invoice.number for _, invoice in batch])
    held = stores.invoices.find_many([(owner, number) for number, owner in owners.items()])
    told_apart = SortedInvoices()
    for line, invoice in batch:
        account, found = accounts.get(invoice.username), held.get(invoice.number)
        if account is None:
            told_apart.refused.append(Refusal(line, invoice.number, Reason.UNKNOWN_ACCOUNT))
        elif owners.get(invoice.number, invoice.username) != invoice.username:
            told_apart.refused.append(Refusal(line, invoice.number, Reason.NUMBER_TAKEN))
        elif found is None:
            told_apart.new.append((line, invoice.model_copy(update={"direct_debit": account.direct_debit})))
        else:
            _sort_held(line, found, invoice, told_apart, takeover=takeover)
    return told_apart


def _sort_held(
    line: int, held: Invoice, given: Invoice, told_apart: SortedInvoices, *, takeover: Takeover | None
) -> None:
    changes = changes_of(held, given) + (takeover.changes(held) if takeover else ())
    if changes:
        told_apart.refused.append(Refusal(line, given.number, reason_of(changes), changes))
    else:
        told_apart.held.append(held)


def _report(told_apart: SortedInvoices, outcome: InvoicesOutcome) -> None:
    outcome.added += len(told_apart.new)
    outcome.added_cents += sum(invoice.billed_cents for _, invoice in told_apart.new)
    outcome.unchanged += len(told_apart.held)
    outcome.refused += told_apart.refused
    there = [invoice for _, invoice in told_apart.new] + told_apart.held
    outcome.undrawn += [(invoice.username, invoice.number) for invoice in there if invoice.document is None]
