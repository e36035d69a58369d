"""Imports the files of accounts and children: both are checked whole first, then written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from chalicelib.domain.account import Account
from chalicelib.domain.family import Child
from chalicelib.formats import day_in_paris, thousands
from chalicelib.importing.accounts import read_accounts
from chalicelib.importing.children import read_children
from chalicelib.importing.csv_reader import BadLine, FileRefused
from chalicelib.importing.records import Record
from chalicelib.portal import Portal
from chalicelib.services.account.family_import import (
    AccountsOutcome,
    Counts,
    FamiliesOutcome,
    import_accounts,
    import_children,
)
from guichet.console import ExitCode, progress, say, show_bad_lines, show_totals, warn
from guichet.failures import open_portal
from guichet.input_file import open_input_file
from guichet.wording.common import NO_ACCOUNT, difference_of

Read = Callable[[BinaryIO], Iterator[Record[Any]]]

ACCOUNT_LABELS = ("Nouveaux", "Modifiés", "Inchangés", "Refusés")
FAMILY_LABELS = ("Nouvelles", "Modifiées", "Inchangées", "Refusées")


@dataclass
class Check:
    """Result of checking a file. `spoilt`: the usernames or families of the faulty records."""

    file: Path
    stream: BinaryIO
    read: Read
    good: int = 0
    faulty: int = 0
    bad_lines: list[BadLine] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)

    def records(self) -> Iterator[Record[Any]]:
        return self.read(self.stream)

    def run(self) -> bool:
        """Read the whole file. Returns False when it cannot be read at all."""
        try:
            for record in self.records():
                self.good += record.value is not None
                self.faulty += record.value is None
                self.bad_lines += record.problems
                self.spoilt |= {record.key} if record.problems else set()
        except FileRefused as refusal:
            self.bad_lines += refusal.bad_lines
            return False
        return True


def import_family_files(accounts_file: Path, children_file: Path, *, dry_run: bool) -> ExitCode:
    """Import two files. Returns the exit code: bad lines do not stop the others."""
    portal = open_portal()
    with open_input_file(accounts_file) as accounts, open_input_file(children_file) as children:
        return _import(
            Check(accounts_file, accounts, read_accounts),
            Check(children_file, children, read_children),
            portal=portal,
            dry_run=dry_run,
        )


def _import(accounts: Check, children: Check, *, portal: Portal, dry_run: bool) -> ExitCode:
    readable = [accounts.run(), children.run()]
    show_bad_lines(accounts.file, accounts.bad_lines)
    show_bad_lines(children.file, children.bad_lines)
    if not all(readable) or (accounts.faulty and not accounts.good):
        warn("Rien n’a été importé.")
        return ExitCode.REFUSED
    outcome, families = _write(accounts, children, portal=portal, dry_run=dry_run)
    _show_outcome(accounts, children, outcome, families)
    if dry_run:
        say("Essai\u00a0: rien n’a été écrit.")
    return ExitCode.PARTLY if accounts.faulty or children.faulty or families.orphans else ExitCode.DONE


def _write(
    accounts: Check, children: Check, *, portal: Portal, dry_run: bool
) -> tuple[AccountsOutcome, FamiliesOutcome]:
    with progress("Comptes", accounts.good) as advance:
        today = day_in_paris(portal.clock())
        records = _accounts(accounts)
        outcome = import_accounts(
            records, accounts=portal.stores.accounts, today=today, dry_run=dry_run, progress=advance
        )
    with progress("Enfants", children.good) as advance:
        families = import_children(
            _children(children),
            known=outcome.families,
            families=portal.stores.families,
            dry_run=dry_run,
            progress=advance,
        )
    return outcome, families


def _accounts(check: Check) -> Iterator[Account]:
    return (record.value for record in check.records() if record.value)


def _children(check: Check) -> Iterator[tuple[int, str, Child]]:
    """Yields the children, without families that have an unreadable child: the import would delete that child."""
    return (
        (record.line, *record.value) for record in check.records() if record.value and record.key not in check.spoilt
    )


def _show_outcome(accounts: Check, children: Check, outcome: AccountsOutcome, families: FamiliesOutcome) -> None:
    orphans = [BadLine(line, "famille", NO_ACCOUNT) for lines in families.orphans.values() for line in lines]
    show_bad_lines(children.file, orphans)
    for username, differences in sorted(outcome.differences.items()):
        for difference in differences:
            say(f"Compte {username}, changé par la famille et gardé\u00a0: {difference_of(difference)}")
    show_totals("Comptes", _rows(outcome, accounts.faulty, ACCOUNT_LABELS))
    show_totals("Familles", _rows(families, len(children.spoilt) + len(families.orphans), FAMILY_LABELS))


def _rows(counts: Counts, refused: int, labels: Sequence[str]) -> list[tuple[str, str]]:
    figures = (counts.added, counts.changed, counts.unchanged, refused)
    return [(label, thousands(figure)) for label, figure in zip(labels, figures, strict=True)]
