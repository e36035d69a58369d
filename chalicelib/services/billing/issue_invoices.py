"""Issue the invoices of a run (PREPARED → ISSUED), then list them for their families."""

from collections import defaultdict
from collections.abc import Sequence

from chalicelib.concurrency import in_threads
from chalicelib.domain.invoice import Invoice
from chalicelib.stores import Stores


def issue_invoices(run: str, pairs: Sequence[tuple[str, str]], *, stores: Stores) -> list[Invoice]:
    """PREPARED → ISSUED for (username, number) pairs of the run. Safe to repeat.

    One write per invoice and one per account. Returns the run's invoices as stored; a pair that is not of this run is
    left out. Raises Unavailable.
    """
    numbers: dict[str, list[str]] = defaultdict(list)
    for username, number in pairs:
        numbers[username].append(number)

    def issue_for_account(username: str) -> list[Invoice]:
        found = [stores.invoices.issue(username, number, run=run) for number in numbers[username]]
        issued = [invoice for invoice in found if invoice]
        stores.summaries.add_rows(username, [invoice.summary for invoice in issued if invoice.visible])
        return issued

    return [invoice for invoices in in_threads(issue_for_account, list(numbers)) for invoice in invoices]
