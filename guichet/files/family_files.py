"""Imports the files of accounts and children: both are checked whole first, then written."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.domain.country import UNKNOWN
from chalicelib.domain.family import Child
from chalicelib.formats import day_in_paris, thousands
from chalicelib.importing.accounts import read_accounts
from chalicelib.importing.children import FamilyChild, read_children
from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.portal import Portal
from chalicelib.services.account.family_import import (
    AccountsOutcome,
    Counts,
    FamiliesOutcome,
    import_accounts,
    import_children,
    spellings,
)
from chalicelib.services.payments.direct_debit import follow_accounts, follow_prepared
from chalicelib.wording.guide import typeset
from chalicelib.wording.importing import COUNTRY_TO_SAY
from chalicelib.wording.workbooks import zeros_given
from guichet.console import ExitCode, progress, say, show_bad_lines, show_totals, stop
from guichet.display.family_changes import show_changes
from guichet.failures import open_portal
from guichet.files.checked_file import DRY_RUN, NOT_IMPORTED, FileCheck
from guichet.input_file import open_input_file
from guichet.wording.common import NO_ACCOUNT, alike_in_file, alike_on_portal, difference_of

Children = FileCheck[FamilyChild]

ACCOUNT_LABELS = ("Nouveaux", "Modifiés", "Inchangés", "Refusés")
FAMILY_LABELS = ("Nouvelles", "Modifiées", "Inchangées", "Refusées")


@dataclass
class Accounts(FileCheck[Account]):
    """The file of accounts; `lettered`: identifiers that hold letters, which may be written otherwise → their line.

    `without_country`: lines whose address is in a country that nothing tells.
    """

    lettered: dict[str, int] = field(default_factory=dict)
    without_country: set[int] = field(default_factory=set)

    def sift(self) -> Iterator[tuple[int, Account]]:
        """The same as of any file, noting the identifiers and the addresses to complete."""
        for line, account in super().sift():
            if len(spellings(account.username)) > 1:
                self.lettered[account.username] = line
            if account.address.country == UNKNOWN:
                self.without_country.add(line)
            yield line, account

    def to_complete(self) -> Iterator[BadLine]:
        """Yields a warning for each line whose country is to be said, and one for the zeros given to postcodes."""
        for column, lines in self.mended.items():
            yield BadLine(lines[0], column, zeros_given(lines))
        yield from (BadLine(line, "pays", COUNTRY_TO_SAY) for line in self.without_country)

    def alike(self, on_portal: Mapping[str, Sequence[str]]) -> Iterator[BadLine]:
        """Yields a warning for each line whose identifier differs from another by case alone.

        `on_portal`: identifier → such accounts that exist; those that the file names too are told once, by their line.
        """
        earlier: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for username, line in self.lettered.items():
            same = earlier[username.lower()]
            if same:
                yield BadLine(line, "identifiant", alike_in_file(username, same))
            same.append((line, username))
            others = [name for name in on_portal.get(username, ()) if name not in self.lettered]
            if others:
                yield BadLine(line, "identifiant", alike_on_portal(username, others))


def import_family_files(accounts_file: Path, children_file: Path, *, dry_run: bool, everything: bool) -> ExitCode:
    """Import two files. Returns the exit code: bad lines do not stop the others."""
    portal = open_portal()
    with open_input_file(accounts_file) as accounts, open_input_file(children_file) as children:
        return _import(
            Accounts(accounts_file, lambda: read_accounts(accounts)),
            FileCheck(children_file, lambda: read_children(children)),
            portal=portal,
            dry_run=dry_run,
            everything=everything,
        )


def _import(accounts: Accounts, children: Children, *, portal: Portal, dry_run: bool, everything: bool) -> ExitCode:
    readable = [_readable(accounts), _readable(children)]
    show_bad_lines(accounts.file, accounts.bad_lines)
    show_bad_lines(children.file, children.bad_lines)
    if not all(readable) or (accounts.faulty and not accounts.good):
        stop(ExitCode.REFUSED, NOT_IMPORTED)
    outcome, families = _write(accounts, children, portal=portal, dry_run=dry_run)
    show_changes(outcome, families, everything=everything)
    _show_outcome(accounts, children, outcome, families)
    if dry_run:
        say(DRY_RUN)
    return ExitCode.PARTLY if accounts.faulty or children.faulty or families.orphans else ExitCode.DONE


def _readable(check: FileCheck[Any]) -> bool:
    """Read the whole file. Returns False when it cannot be read at all."""
    try:
        for _ in check.sift():
            pass
    except FileRefused as refusal:
        check.bad_lines += refusal.bad_lines
        return False
    return True


def _write(
    accounts: Accounts, children: Children, *, portal: Portal, dry_run: bool
) -> tuple[AccountsOutcome, FamiliesOutcome]:
    with progress("Comptes", accounts.good) as advance:
        today = day_in_paris(portal.clock())
        outcome = import_accounts(
            (account for _, account in accounts.values()),
            accounts=portal.stores.accounts,
            today=today,
            dry_run=dry_run,
            progress=advance,
        )
    if not dry_run:
        _follow_direct_debits(accounts, outcome, portal)
    with progress("Enfants", children.good) as advance:
        families = import_children(
            _whole_families(children),
            known=outcome.families,
            families=portal.stores.families,
            dry_run=dry_run,
            progress=advance,
        )
    return outcome, families


def _follow_direct_debits(accounts: Accounts, outcome: AccountsOutcome, portal: Portal) -> None:
    """Tell how many invoices became payable by card, or by direct debit, with their accounts."""
    with progress("Prélèvements", accounts.good) as advance:
        changed = follow_accounts((one for _, one in accounts.values()), stores=portal.stores, progress=advance)
    changed += follow_prepared(sorted(outcome.debit_changed), stores=portal.stores)
    if changed:
        say(typeset(f"{thousands(changed)} facture(s) à payer suivent le prélèvement de leur compte."))


def _whole_families(children: Children) -> Iterator[tuple[int, str, Child]]:
    """Yields the children, without families that have an unreadable child: the import would delete that child."""
    return ((line, family, child) for line, (family, child) in children.values() if family not in children.spoilt)


def _show_outcome(accounts: Accounts, children: Children, outcome: AccountsOutcome, families: FamiliesOutcome) -> None:
    show_bad_lines(accounts.file, (*accounts.alike(outcome.alike), *accounts.to_complete()))
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
