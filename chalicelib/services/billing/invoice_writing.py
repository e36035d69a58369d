"""Write the new invoices of a batch, account by account, so that no two writers meet on one account's list."""

from collections import defaultdict
from collections.abc import Sequence

from chalicelib.concurrency import side_by_side
from chalicelib.domain.invoice import Invoice, InvoiceSummary
from chalicelib.errors import NumberTaken
from chalicelib.services.billing.documents import Shelves
from chalicelib.services.billing.import_outcomes import Numbered, Reason, Refusal, Sorted
from chalicelib.services.billing.invoice_changes import changes_of, reason_of
from chalicelib.services.billing.legacy_documents import OtherDocument, Takeover


def write_invoices(told_apart: Sorted, *, shelves: Shelves, takeover: Takeover | None = None) -> Sorted:
    """Write the new ones and the rows that their accounts' lists lack.

    Answers what stands at the end; what another import wrote meanwhile is refused. Raises Unavailable.
    """
    mine: dict[str, Sorted] = defaultdict(Sorted)
    for numbered in told_apart.new:
        mine[numbered[1].username].new.append(numbered)
    for invoice in told_apart.held:
        mine[invoice.username].held.append(invoice)
    shown = shelves.summaries.find_many(sorted({invoice.username for invoice in told_apart.held}))
    writers = [_AccountWriter(username, shown.get(username, ()), shelves, takeover) for username in mine]
    written = side_by_side(lambda writer: writer.write(mine[writer.username]), writers)
    return Sorted(
        new=[numbered for one in written for numbered in one.new],
        held=[invoice for one in written for invoice in one.held],
        refused=told_apart.refused + [refusal for one in written for refusal in one.refused],
    )


class _AccountWriter:
    """One account's share of a batch; its rows come last, so a list never names an invoice that does not exist."""

    def __init__(
        self, username: str, shown: Sequence[InvoiceSummary], shelves: Shelves, takeover: Takeover | None
    ) -> None:
        self.username = username
        self._shown = {row.number: row for row in shown}
        self._shelves = shelves
        self._takeover = takeover

    def write(self, wanted: Sorted) -> Sorted:
        written = Sorted(held=[self._completed(invoice) for invoice in wanted.held])
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
        self._shelves.summaries.add_rows(self.username, lacking)
        self._shelves.summaries.put_rows(self.username, [row for row in without_size if row.octets])

    def _completed(self, invoice: Invoice) -> Invoice:
        if not self._takeover or invoice.document:
            return invoice
        document = self._takeover.keep(invoice.number)
        return self._shelves.invoices.attach_document(invoice.username, invoice.number, document)

    def _add(self, numbered: Numbered, written: Sorted) -> None:
        line, invoice = numbered
        try:
            if self._takeover:
                invoice = invoice.model_copy(update={"document": self._takeover.keep(invoice.number)})
            if self._shelves.invoices.add(invoice):
                written.new.append((line, invoice))
                return
        except NumberTaken:
            written.refused.append(Refusal(line, invoice.number, Reason.NUMBER_TAKEN))
            return
        except OtherDocument as other:
            written.refused.append(Refusal(line, invoice.number, Reason.ALREADY_ISSUED, (other.difference,)))
            return
        self._compare(numbered, written)

    def _compare(self, numbered: Numbered, written: Sorted) -> None:
        """Somebody wrote it in between: the same is welcome, anything else is refused."""
        line, invoice = numbered
        held = self._shelves.invoices.find(invoice.username, invoice.number)
        changes = changes_of(held, invoice) if held else ()
        if held and not changes:
            written.held.append(held)
        else:
            written.refused.append(Refusal(line, invoice.number, reason_of(changes), changes))
