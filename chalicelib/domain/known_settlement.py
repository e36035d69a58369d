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


def taken_back(settlement: Settlement, entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Returns the settlements that a negative line may take back, among the invoice's entries that still count.

    The same amount, and a reference equal to its own, or that its own begins with (« P1R » takes back « P1 »).
    """
    folded = fold_reference(settlement.reference)
    counted = [
        entry for entry in entries if entry.kind is EntryKind.OTHER and entry.amount_cents == -settlement.amount_cents
    ]
    equal = [entry for entry in counted if fold_reference(entry.reference) == folded]
    begun = [entry for entry in counted if entry.reference and folded.startswith(fold_reference(entry.reference))]
    return equal or begun


def _references(entry: LedgerEntry) -> set[str]:
    """Returns the folded references of an entry: as typed, and for an offset the other invoice's number."""
    other = {fold_reference(entry.counterpart)} if entry.counterpart else set()
    return {fold_reference(entry.reference)} | other
