"""What the office must know of a billing run before it publishes it: findings, and a comparison with the last run."""

import heapq
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from chalicelib.domain.billing_run import AmountChange, BillingRun, Comparison
from chalicelib.domain.invoice import InvoiceLine
from chalicelib.domain.models import Model


class FindingKind(StrEnum):
    """UNREADABLE and REFUSED keep an invoice out and wait for a decision; the others only deserve a look."""

    UNREADABLE = "UNREADABLE"
    REFUSED = "REFUSED"
    DOUBLE = "DOUBLE"
    CREDIT = "CREDIT"
    ZERO = "ZERO"

    @property
    def error(self) -> bool:
        return self in (FindingKind.UNREADABLE, FindingKind.REFUSED)


class FieldChange(Model):
    """A field of an invoice as the portal holds it and as the file gives it, in JSON's values."""

    field: str
    held: Any
    given: Any


class Finding(Model):
    """One thing to say about a line of the file (the header is line 1).

    `reason` is a sentence for UNREADABLE, a key for REFUSED. `other_line` is where a double's twin begins.
    """

    kind: FindingKind
    line: int
    number: str = ""
    column: str = ""
    reason: str = ""
    changes: tuple[FieldChange, ...] = ()
    amount_cents: int = 0
    other_line: int = 0


def typed(field: str, value: Any) -> Any:
    """A field's value as an invoice holds it, from JSON's."""
    if field.endswith("_on"):
        return date.fromisoformat(value)
    if field == "lines":
        return tuple(InvoiceLine.model_validate(line) for line in value)
    return value


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
