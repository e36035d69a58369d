"""Import of accounts and children from the town's files, with their differences from what the portal stores."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.account import Account
from chalicelib.domain.family import Child, Family
from chalicelib.domain.models import Model
from chalicelib.store.accounts import AccountStore
from chalicelib.store.families import FamilyStore
from chalicelib.store.retry import retry

FROM_FILE = (
    "family", "holder", "address", "email", "mobile", "landline", "delivery_mode", "quotient_cents", "direct_debit",
)  # fmt: skip
"""The fields of an account that an import brings; the others are the portal's own."""

Progress = Callable[[int], None]
"""Called with the number of records just done."""

FamilyLines = tuple[str, list[tuple[int, Child]]]
"""A family's name, and its children with the line numbers they come from."""


@dataclass(frozen=True)
class Difference:
    """A field of a model: the value that the portal stores and the one in the file."""

    field: str
    existing: Any
    imported: Any


@dataclass
class Counts:
    """What an import did, or would do."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(self, before: object, after: object) -> None:
        """Count one record; `before` is None for an addition."""
        if before is None:
            self.added += 1
        elif before == after:
            self.unchanged += 1
        else:
            self.changed += 1


@dataclass
class AccountsOutcome(Counts):
    """`differences`: username → fields where the parent's own value is kept. `families`: names of those in the file.

    `changes`: username → fields that the import changes, before and after. `debit_changed`: usernames whose direct
    debit began or stopped. `alike`: username → accounts of the portal, before its batch was written, that differ from
    it by case alone.
    """

    differences: dict[str, tuple[Difference, ...]] = field(default_factory=dict)
    changes: dict[str, tuple[Difference, ...]] = field(default_factory=dict)
    debit_changed: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    alike: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class FamiliesOutcome(Counts):
    """`changes`: families whose children changed, before and after.

    `orphans`: families without any account → their line numbers; they are not imported.
    """

    orphans: dict[str, list[int]] = field(default_factory=dict)
    changes: list[tuple[Family, Family]] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """An account as stored (None: a new one), as in the file, and as it is to be stored."""

    existing: Account | None
    imported: Account
    after: Account


def import_accounts(
    imported: Iterable[Account], *, accounts: AccountStore, today: date = date.min, dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> AccountsOutcome:  # fmt: skip
    """Add new accounts and update the others. With `dry_run`, nothing is written. Returns the counts.

    `today`: the day in Paris; accepted addresses whose day has come are in force, the others are not yet.
    Raises Unavailable.
    """
    outcome = AccountsOutcome()
    for batch in in_batches(imported):
        existing = accounts.find_many([name for account in batch for name in spellings(account.username)])
        changes = [plan_account(existing.get(account.username), account, today) for account in batch]
        outcome.alike |= _alike(batch, existing)
        if not dry_run:
            changes = in_threads(lambda change: apply_account(change, today, accounts=accounts), changes)
        for change in changes:
            _report(change, outcome)
        progress(len(batch))
    return outcome


def spellings(username: str) -> tuple[str, ...]:
    """Returns the username, then the same in capitals and in small letters where they differ."""
    return tuple(dict.fromkeys((username, username.upper(), username.lower())))


def _alike(batch: Sequence[Account], existing: Collection[str]) -> dict[str, tuple[str, ...]]:
    others = {one.username: tuple(name for name in spellings(one.username)[1:] if name in existing) for one in batch}
    return {username: names for username, names in others.items() if names}


def plan_account(existing: Account | None, imported: Account, today: date) -> Change:
    """Returns the account as in the file, except the fields that its family changed on the portal.

    An address whose country the file does not tell stays as it is stored, where it may be the same.
    """
    if existing is None:
        return Change(None, imported, imported)
    current = existing.as_of(today)
    imported = imported.model_copy(update={"address": imported.address.completed_by(current.address)})
    update = {name: getattr(imported, name) for name in FROM_FILE if name not in existing.changed_by_parent}
    if update.get("email", existing.email) != existing.email:
        update["email_bounced_at"] = None
    return Change(existing, imported, current.model_copy(update=update))


def apply_account(change: Change, today: date, *, accounts: AccountStore) -> Change:
    """Write a planned change; after a concurrent write, plan it again on what is stored.

    Returns the change that was made. Raises Unavailable after too many conflicting writes.
    """

    def written(planned: Change) -> Change | None:
        return planned if planned.existing == planned.after or _write(planned, accounts) else None

    def again() -> Change | None:
        return written(plan_account(accounts.find(change.imported.username), change.imported, today))

    return written(change) or retry(again, what=f"accounts: {change.imported.username}")


def _write(change: Change, accounts: AccountStore) -> bool:
    if change.existing is None:
        return accounts.add(change.after)
    return accounts.replace(change.existing, change.after)


def _report(change: Change, outcome: AccountsOutcome) -> None:
    outcome.count(change.existing, change.after)
    outcome.families.add(change.imported.family)
    changed = differences(change.existing, change.after, FROM_FILE) if change.existing else ()
    if changed:
        outcome.changes[change.after.username] = changed
    if change.existing and change.existing.direct_debit != change.after.direct_debit:
        outcome.debit_changed.add(change.after.username)
    different = differences(change.after, change.imported, FROM_FILE)
    if different:
        outcome.differences[change.imported.username] = different


def differences(existing: Model, imported: Model, fields: Iterable[str]) -> tuple[Difference, ...]:
    """Returns the fields that differ between two models of one kind, in the order of `fields`."""
    pairs = ((field, getattr(existing, field), getattr(imported, field)) for field in fields)
    return tuple(Difference(*pair) for pair in pairs if pair[1] != pair[2])


def import_children(
    records: Iterable[tuple[int, str, Child]], *, known: Collection[str], families: FamilyStore, dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> FamiliesOutcome:  # fmt: skip
    """Replace the children of each family in the file; other families stay as they are. Returns the counts.

    `records`: (line number, family, child), all kept in memory: a file may not be sorted by family. `known`: families
    in the file of accounts. Raises Unavailable.
    """
    outcome = FamiliesOutcome()
    for batch in in_batches(_by_family(records)):
        existing = families.find_many([family for family, _ in batch])
        owned = [
            Family(family=family, children=tuple(child for _, child in lines))
            for family, lines in batch
            if family in known or family in existing
        ]
        if not dry_run:
            in_threads(families.put, [family for family in owned if existing.get(family.family) != family])
        for family in owned:
            before = existing.get(family.family)
            outcome.count(before, family)
            if before and before != family:
                outcome.changes.append((before, family))
        orphans = {family for family, _ in batch} - {family.family for family in owned}
        outcome.orphans |= {family: [line for line, _ in lines] for family, lines in batch if family in orphans}
        progress(sum(len(lines) for _, lines in batch))
    return outcome


def _by_family(records: Iterable[tuple[int, str, Child]]) -> Iterable[FamilyLines]:
    families: dict[str, list[tuple[int, Child]]] = defaultdict(list)
    for line, family, child in records:
        families[family].append((line, child))
    return families.items()
