"""Two runs side by side, account by account: what a mistaken billing file shows first."""

import heapq
from collections.abc import Mapping

from chalicelib.domain.billing_run import AmountChange, BillingRun, Comparison

LARGEST = 10


def compare(before: BillingRun, held: Mapping[str, int], given: Mapping[str, int]) -> Comparison:
    """The run `before` and the one that follows it, from what each account owes in both (cents, by username)."""
    changes = (
        AmountChange(username=username, before_cents=held[username], after_cents=cents)
        for username, cents in given.items()
        if username in held and held[username] != cents
    )
    return Comparison(
        run=before.run,
        invoices=before.figures.invoices,
        total_cents=before.figures.total_cents,
        appeared=len(given.keys() - held.keys()),
        vanished=len(held.keys() - given.keys()),
        largest=tuple(heapq.nlargest(LARGEST, changes, key=_size)),
    )


def arrivals_and_departures(held: Mapping[str, int], given: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Accounts that only the later run bills, and those that only the earlier one billed, with their cents."""
    return {
        "appeared": {name: given[name] for name in sorted(given.keys() - held.keys())},
        "vanished": {name: held[name] for name in sorted(held.keys() - given.keys())},
    }


def _size(change: AmountChange) -> tuple[int, str]:
    return abs(change.change_cents), change.username
