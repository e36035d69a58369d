"""The files of accounts and children on their way in: both read from end to end first, then written."""

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
from guichet.console import ExitCode, complain, progress, say, show_bad_lines, show_totals
from guichet.failures import opened
from guichet.input_file import reading
from guichet.wording.common import NO_ACCOUNT, difference_of

Read = Callable[[BinaryIO], Iterator[Record[Any]]]

ACCOUNTS_WERE = ("Nouveaux", "Modifiés", "Inchangés", "Refusés")
FAMILIES_WERE = ("Nouvelles", "Modifiées", "Inchangées", "Refusées")


@dataclass
class Check:
    """What a first reading found in a file. `spoilt`: the identifiants or families named by the faulty records."""

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
        """Read the whole file; False when nothing in it can be read."""
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


def bring_in(accounts_file: Path, children_file: Path, *, dry_run: bool) -> ExitCode:
    """Import two files. Answers how the command ends: bad lines do not stop the others."""
    portal = opened()
    with reading(accounts_file) as accounts, reading(children_file) as children:
        return _brought_in(
            Check(accounts_file, accounts, read_accounts),
            Check(children_file, children, read_children),
            portal=portal,
            dry_run=dry_run,
        )


def _brought_in(accounts: Check, children: Check, *, portal: Portal, dry_run: bool) -> ExitCode:
    readable = [accounts.run(), children.run()]
    show_bad_lines(accounts.file, accounts.bad_lines)
    show_bad_lines(children.file, children.bad_lines)
    if not all(readable) or (accounts.faulty and not accounts.good):
        complain("Rien n’a été importé.")
        return ExitCode.REFUSED
    done, families = _write(accounts, children, portal=portal, dry_run=dry_run)
    _tell(accounts, children, done, families)
    if dry_run:
        say("Essai\u00a0: rien n’a été écrit.")
    return ExitCode.PARTLY if accounts.faulty or children.faulty or families.orphans else ExitCode.DONE


def _write(
    accounts: Check, children: Check, *, portal: Portal, dry_run: bool
) -> tuple[AccountsOutcome, FamiliesOutcome]:
    with progress("Comptes", accounts.good) as advance:
        today = day_in_paris(portal.clock())
        given = _accounts(accounts)
        done = import_accounts(given, accounts=portal.stores.accounts, today=today, dry_run=dry_run, progress=advance)
    with progress("Enfants", children.good) as advance:
        families = import_children(
            _children(children), known=done.families, families=portal.stores.families, dry_run=dry_run, progress=advance
        )
    return done, families


def _accounts(check: Check) -> Iterator[Account]:
    return (record.value for record in check.records() if record.value)


def _children(check: Check) -> Iterator[tuple[int, str, Child]]:
    """A family with one unreadable child is left as it is: it would otherwise lose that child."""
    return (
        (record.line, *record.value) for record in check.records() if record.value and record.key not in check.spoilt
    )


def _tell(accounts: Check, children: Check, done: AccountsOutcome, families: FamiliesOutcome) -> None:
    orphans = [BadLine(line, "famille", NO_ACCOUNT) for lines in families.orphans.values() for line in lines]
    show_bad_lines(children.file, orphans)
    for username, differences in sorted(done.kept.items()):
        for difference in differences:
            say(f"Compte {username}, changé par la famille et gardé\u00a0: {difference_of(difference)}")
    show_totals("Comptes", _rows(done, accounts.faulty, ACCOUNTS_WERE))
    show_totals("Familles", _rows(families, len(children.spoilt) + len(families.orphans), FAMILIES_WERE))


def _rows(counts: Counts, refused: int, labels: Sequence[str]) -> list[tuple[str, str]]:
    figures = (counts.added, counts.changed, counts.unchanged, refused)
    return [(label, thousands(figure)) for label, figure in zip(labels, figures, strict=True)]
