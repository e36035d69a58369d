"""What the desk must know of a billing file before it publishes: what is wrong, and what looks odd."""

from datetime import date
from enum import StrEnum
from typing import Any

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
