"""What a file says otherwise than the portal."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chalicelib.concurrency import in_batches, side_by_side
from chalicelib.domain.account import Account
from chalicelib.domain.family import Child, Family
from chalicelib.domain.models import Model
from chalicelib.store.accounts import AccountStore
from chalicelib.store.families import FamilyStore
from chalicelib.store.retry import retry


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


FROM_FILE = (
    "family", "holder", "address", "email", "mobile", "landline", "delivery_mode", "quotient_cents", "direct_debit",
)  # fmt: skip
"""The fields of an account that an import brings; the others are the portal's own."""

"""How often an account is read again when its family writes at the same moment."""

Progress = Callable[[int], None]
"""Told how many records were just done."""

FamilyLines = tuple[str, list[tuple[int, Child]]]
"""A family with its children and the lines that name them."""


@dataclass
class Counts:
    """What an import did, or would do."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(self, before: object, after: object) -> None:
        """One more: nothing before is an addition."""
        if before is None:
            self.added += 1
        elif before == after:
            self.unchanged += 1
        else:
            self.changed += 1


@dataclass
class AccountsOutcome(Counts):
    """`kept`: by username, what the file says otherwise than the parent, whose word stays. `families`: those named."""

    kept: dict[str, tuple[Difference, ...]] = field(default_factory=dict)
    families: set[str] = field(default_factory=set)


@dataclass
class FamiliesOutcome(Counts):
    """`orphans`: families that no account belongs to, with the lines that name them: they are left out."""

    orphans: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """An account as held (None: a new one), as given by the file, and as it should stand."""

    held: Account | None
    given: Account
    after: Account


def import_accounts(
    given: Iterable[Account], *, accounts: AccountStore, today: date = date.min, dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> AccountsOutcome:  # fmt: skip
    """Add new accounts and bring the others up to date. With `dry_run`, only say what would be done.

    `today`: the day in the town; accepted addresses whose day has come are in force, the others are not yet.
    Raises Unavailable.
    """
    outcome = AccountsOutcome()
    for batch in in_batches(given):
        changes = plan_accounts(batch, today, accounts=accounts)
        if not dry_run:
            changes = side_by_side(lambda change: apply_account(change, today, accounts=accounts), changes)
        for change in changes:
            _report(change, outcome)
        progress(len(batch))
    return outcome


def plan_accounts(batch: Sequence[Account], today: date, *, accounts: AccountStore) -> list[Change]:
    """What the file makes of these accounts, in one read."""
    held = accounts.find_many([account.username for account in batch])
    return [plan_account(held.get(account.username), account, today) for account in batch]


def plan_account(held: Account | None, given: Account, today: date) -> Change:
    """The account as the file wants it, except the fields that its family changed on the portal."""
    if held is None:
        return Change(None, given, given)
    update = {name: getattr(given, name) for name in FROM_FILE if name not in held.changed_by_parent}
    if update.get("email", held.email) != held.email:
        update["email_bounced_at"] = None
    return Change(held, given, held.as_of(today).model_copy(update=update))


def apply_account(change: Change, today: date, *, accounts: AccountStore) -> Change:
    """Write a planned change; when the family wrote meanwhile, plan it again on what it wrote.

    Answers the change that was made. Raises Unavailable when the account never holds still.
    """

    def written(planned: Change) -> Change | None:
        return planned if planned.held == planned.after or _write(planned, accounts) else None

    def again() -> Change | None:
        return written(plan_account(accounts.find(change.given.username), change.given, today))

    return written(change) or retry(again, what=f"accounts: {change.given.username}")


def _write(change: Change, accounts: AccountStore) -> bool:
    if change.held is None:
        return accounts.add(change.after)
    return accounts.replace(change.held, change.after)


def _report(change: Change, outcome: AccountsOutcome) -> None:
    outcome.count(change.held, change.after)
    outcome.families.add(change.given.family)
    kept = differences(change.after, change.given, FROM_FILE)
    if kept:
        outcome.kept[change.given.username] = kept


def import_children(
    given: Iterable[tuple[int, str, Child]], *, known: Collection[str], families: FamilyStore, dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> FamiliesOutcome:  # fmt: skip
    """Replace the children of each family the file names; families it does not name stay as they are.

    In: (line, family, child), all held in memory: a file may be sorted otherwise than by family. `known`: families
    that the file of accounts names. Raises Unavailable.
    """
    outcome = FamiliesOutcome()
    for batch in in_batches(_by_family(given)):
        held = families.find_many([family for family, _ in batch])
        owned = [_family(one) for one in batch if one[0] in known or one[0] in held]
        if not dry_run:
            side_by_side(families.put, [family for family in owned if held.get(family.family) != family])
        for family in owned:
            outcome.count(held.get(family.family), family)
        strangers = {family for family, _ in batch} - {family.family for family in owned}
        outcome.orphans |= {family: [line for line, _ in lines] for family, lines in batch if family in strangers}
        progress(sum(len(lines) for _, lines in batch))
    return outcome


def _by_family(given: Iterable[tuple[int, str, Child]]) -> Iterable[FamilyLines]:
    families: dict[str, list[tuple[int, Child]]] = defaultdict(list)
    for line, family, child in given:
        families[family].append((line, child))
    return families.items()


def _family(lines: FamilyLines) -> Family:
    return Family(family=lines[0], children=tuple(child for _, child in lines[1]))
