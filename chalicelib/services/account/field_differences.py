"""What a file says otherwise than the portal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.models import Model


@dataclass(frozen=True)
class Difference:
    """A field of a model, as the portal holds it and as the file gives it."""

    field: str
    held: Any
    given: Any


def differences(held: Model, given: Model, fields: Iterable[str]) -> tuple[Difference, ...]:
    """The fields that differ between two models of one kind, in the order asked."""
    pairs = ((field, getattr(held, field), getattr(given, field)) for field in fields)
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])
