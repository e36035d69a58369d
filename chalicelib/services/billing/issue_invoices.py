"""Make invoices of a run visible: each is issued, then its family's list shows it."""

from collections import defaultdict
from collections.abc import Sequence

from chalicelib.concurrency import side_by_side
from chalicelib.domain.invoice import Invoice
from chalicelib.stores import Stores


def issue_invoices(run: str, pairs: Sequence[tuple[str, str]], *, stores: Stores) -> list[Invoice]:
    """PREPARED → ISSUED for (username, number) pairs of the run; safe to repeat.

    One write an invoice and one an account. Answers the run's invoices as they stand; a pair that is not of this run is
    left out. Raises Unavailable.
    """
    mine: dict[str, list[str]] = defaultdict(list)
    for username, number in pairs:
        mine[username].append(number)

    def release_account(username: str) -> list[Invoice]:
        found = [stores.invoices.issue(username, number, run=run) for number in mine[username]]
        issued = [invoice for invoice in found if invoice]
        stores.summaries.add_rows(username, [invoice.summary for invoice in issued if invoice.visible])
        return issued

    return [invoice for invoices in side_by_side(release_account, list(mine)) for invoice in invoices]
