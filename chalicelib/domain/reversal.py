"""Which entries of an invoice are undone: a reversal undoes another entry, unless it is itself undone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from chalicelib.domain.ledger import EntryKind, LedgerEntry


def reversal_key(undone: LedgerEntry, entries: Iterable[LedgerEntry]) -> str:
    """Returns the key of the next reversal of an entry: the first, or one more when the earlier ones were undone."""
    earlier = sum(1 for entry in entries if entry.reverses == undone.key)
    return f"reversal#{undone.key}" if not earlier else f"reversal~{earlier + 1}#{undone.key}"


def undone_keys(entries: Iterable[LedgerEntry]) -> set[str]:
    """Returns the keys of an invoice's entries that a reversal undoes, unless that reversal is itself undone."""
    reversals: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.kind is EntryKind.REVERSAL:
            reversals[entry.reverses].append(entry.key)

    def undone(key: str) -> bool:
        return any(not undone(reversal) for reversal in reversals.get(key, ()))

    return {key for key in list(reversals) if undone(key)}


def counted(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Returns the entries of an invoice that nothing undoes."""
    undone = undone_keys(entries)
    return [entry for entry in entries if entry.key not in undone]


def free_key(key: str, entries: Iterable[LedgerEntry]) -> str:
    """Returns the key, or the next one of its kind (« …~2 ») when an undone entry has it."""
    taken = {entry.key for entry in entries}
    return next(one for one in (key, *(f"{key}~{nth}" for nth in range(2, len(taken) + 3))) if one not in taken)
