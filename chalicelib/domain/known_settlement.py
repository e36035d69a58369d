"""Whether a settlement is in the books already: the same invoice, day, amount and reference, whatever the method.

Compared on the entries' fields, never on their keys, which versions of the portal computed differently.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.settlement import Settlement, fold_reference


@dataclass(frozen=True)
class Resemblance:
    """What the books hold for a settlement. `known`: the same one; `alike`: same day and amount, another reference or
    none; `nth`: which one it would be, among those of that day and amount without reference."""

    known: LedgerEntry | None
    alike: tuple[LedgerEntry, ...]
    nth: int


def compare(settlement: Settlement, entries: Sequence[LedgerEntry], *, kind: EntryKind, nth: int) -> Resemblance:
    """Returns what the invoice's entries hold of it. `nth`: the how many-th of the file it is, without reference.

    `kind`: OTHER for money, which may also be a card payment; OFFSET or REVERSAL are compared among themselves.
    """
    kinds = {kind, EntryKind.CARD} if kind is EntryKind.OTHER else {kind}
    same_sum = [
        entry
        for entry in entries
        if entry.kind in kinds and (entry.day, entry.amount_cents) == (settlement.received_on, settlement.amount_cents)
    ]
    folded = fold_reference(settlement.reference)
    same = [entry for entry in same_sum if entry.kind is kind and folded in _references(entry)]
    if folded:
        return Resemblance(same[0] if same else None, tuple(same_sum), 1)
    return Resemblance(same[nth - 1] if nth <= len(same) else None, tuple(same_sum), len(same) + 1)


def same_on_another_day(settlement: Settlement, entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """Returns the settlements of this amount and reference that stand on another day: perhaps the same one."""
    folded = fold_reference(settlement.reference)
    return tuple(
        entry
        for entry in entries
        if folded
        and entry.kind is EntryKind.OTHER
        and entry.amount_cents == settlement.amount_cents
        and fold_reference(entry.reference) == folded
        and entry.day != settlement.received_on
    )


def taken_back(settlement: Settlement, entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Returns the settlements that a negative line may take back, among the invoice's entries that still count.

    The same amount, and a reference equal to its own, or that its own begins with (« P1R » takes back « P1 »).
    """
    folded = fold_reference(settlement.reference)
    possible = [
        entry
        for entry in entries
        if entry.kind is EntryKind.OTHER
        and entry.amount_cents == -settlement.amount_cents
        and entry.day <= settlement.received_on
    ]
    equal = [entry for entry in possible if fold_reference(entry.reference) == folded]
    begun = [entry for entry in possible if begins(fold_reference(entry.reference), folded)]
    longest = max((len(fold_reference(entry.reference)) for entry in begun), default=0)
    return equal or [entry for entry in begun if len(fold_reference(entry.reference)) == longest]


def begins(reference: str, longer: str) -> bool:
    """Whether a folded reference begins another one, which is not just a longer number (« 123 » and « 1234 »)."""
    if not reference or not longer.startswith(reference):
        return False
    return not (reference[-1].isdigit() and longer[len(reference) : len(reference) + 1].isdigit())


def _references(entry: LedgerEntry) -> set[str]:
    """Returns the folded references of an entry: as typed, and for an offset the other invoice's number."""
    other = {fold_reference(entry.counterpart)} if entry.counterpart else set()
    return {fold_reference(entry.reference)} | other
