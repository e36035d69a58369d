"""Checks of a billing run before it is published: findings per line of the file, comparison with the last run."""

import heapq
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from chalicelib.domain.billing_run import AmountChange, BillingRun, Comparison
from chalicelib.domain.invoice import InvoiceLine
from chalicelib.domain.models import Model

LARGEST_CHANGES = 10


class FindingKind(StrEnum):
    """UNREADABLE and REFUSED exclude an invoice and wait for a decision; the others are warnings."""

    UNREADABLE = "UNREADABLE"
    REFUSED = "REFUSED"
    DOUBLE = "DOUBLE"
    CREDIT = "CREDIT"
    ZERO = "ZERO"

    @property
    def error(self) -> bool:
        return self in (FindingKind.UNREADABLE, FindingKind.REFUSED)


class FieldChange(Model):
    """A field of an invoice as stored (`held`) and as the file gives it (`given`), as JSON values."""

    field: str
    held: Any
    given: Any


class Finding(Model):
    """A finding about a line of the file (the header is line 1).

    `reason` is a sentence for UNREADABLE, a key for REFUSED. `other_line` is the first line of a double's original.
    """

    kind: FindingKind
    line: int
    number: str = ""
    column: str = ""
    reason: str = ""
    changes: tuple[FieldChange, ...] = ()
    amount_cents: int = 0
    other_line: int = 0


def parse_field(field: str, value: Any) -> Any:
    """Returns a field's value as an invoice holds it, from its JSON value."""
    if field.endswith("_on"):
        return date.fromisoformat(value)
    if field == "lines":
        return tuple(InvoiceLine.model_validate(line) for line in value)
    return value


def compare(before: BillingRun, old: Mapping[str, int], new: Mapping[str, int]) -> Comparison:
    """Returns the comparison of `before` with the next run, from what each account owes (username → cents)."""
    changes = (
        AmountChange(username=username, before_cents=old[username], after_cents=cents)
        for username, cents in new.items()
        if username in old and old[username] != cents
    )
    return Comparison(
        run=before.run,
        invoices=before.figures.invoices,
        total_cents=before.figures.total_cents,
        appeared=len(new.keys() - old.keys()),
        vanished=len(old.keys() - new.keys()),
        largest=tuple(heapq.nlargest(LARGEST_CHANGES, changes, key=lambda one: (abs(one.change_cents), one.username))),
    )


def appeared_and_vanished(old: Mapping[str, int], new: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Returns the accounts that only the new run bills, and those that only the old one billed: username → cents."""
    return {
        "appeared": {name: new[name] for name in sorted(new.keys() - old.keys())},
        "vanished": {name: old[name] for name in sorted(old.keys() - new.keys())},
    }
