"""`guichet lettres imprimer`: PDF letters with an activation code, for families that never signed in."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.account import Account
from chalicelib.formats import day_in_paris, long_day, thousands
from chalicelib.portal import Portal
from chalicelib.services.authentication.access_letters import LetterContent, access_letter, record_code_printed
from chalicelib.services.authentication.activation_code import CODE_LASTS
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, progress, say, stop
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp, flag
from guichet.output_file import new_output_file, open_output_folder, replace_output_file
from guichet.work import UNKNOWN_ACCOUNT, journal_entry

app = FrenchApp("lettres", "Les lettres d’accès.")

BATCH = 50

AccountOption = Annotated[str, typer.Option("--compte", metavar="COMPTE", help="La lettre d’un seul compte.")]
NeverOpened = Annotated[bool, flag("--jamais-connectes", "Celles de tous les comptes jamais ouverts.")]
SingleFile = Annotated[Path | None, typer.Option("--sortie", metavar="FICHIER", help="Toutes dans un PDF.")]
Folder = Annotated[
    Path | None,
    typer.Option("--dossier", metavar="DOSSIER", help="Un PDF par famille, dans ce dossier."),
]


@app.verb("imprimer", "--jamais-connectes --sortie lettres.pdf")
def print_letters(
    *,
    username: AccountOption = "",
    never_opened: NeverOpened = False,
    single_file: SingleFile = None,
    folder: Folder = None,
    dry_run: Annotated[bool, flag("--essai", "Dit ce qui serait imprimé, sans rien écrire.")] = False,
) -> None:
    """Imprime les lettres d’accès, par code postal. Le code d’activation vit 90 jours à partir de l’impression.

    Une famille qui s’est déjà connectée n’en a pas besoin : voyez « comptes renvoyer-acces ».
    """
    outputs = (single_file is not None) + (folder is not None)
    if bool(username) == never_opened or outputs > 1 or (not outputs and not dry_run):
        stop(ExitCode.MISUSE, typeset("Choisissez --compte ou --jamais-connectes, puis --sortie ou --dossier."))
    with friendly_errors():
        portal = open_portal()
        chosen = _never_opened_account(portal, username) if username else _never_opened_accounts(portal)
        if not chosen:
            say("Aucune lettre à imprimer.")
            return
        if dry_run:
            say(typeset(f"Essai : {thousands(len(chosen))} lettre(s) seraient imprimées, rien n'a été écrit."))
            return
        _print(portal, chosen, single_file=single_file, folder=folder)


def _never_opened_account(portal: Portal, username: str) -> list[Account]:
    account = portal.stores.accounts.find(username)
    if account is None:
        stop(ExitCode.REFUSED, UNKNOWN_ACCOUNT)
    if account.opened:
        stop(
            ExitCode.REFUSED,
            typeset("Cette famille s'est déjà connectée : voyez « comptes renvoyer-acces »."),
        )
    return [account]


def _never_opened_accounts(portal: Portal) -> list[Account]:
    """Returns accounts sorted by postcode and town, as the post sorts letters."""
    found = [account for account in portal.stores.accounts.every() if not account.opened]
    return sorted(found, key=lambda one: (one.address.postcode, one.address.town, one.holder.last_name, one.username))


def _print(portal: Portal, chosen: Sequence[Account], *, single_file: Path | None, folder: Path | None) -> None:
    """Activate the codes, then print them: no letter may hold a code that is not valid.

    The output is checked to be writable before the first code is activated.
    """
    today = day_in_paris(portal.clock())
    letters: list[LetterContent] = []
    if single_file:
        with new_output_file(single_file) as write:
            letters = list(_issue_letters(portal, chosen, today))
            if letters:
                write(portal.draw_letters(letters))
    elif folder:
        open_output_folder(folder)
        letters = [_write_letter(portal, letter, folder) for letter in _issue_letters(portal, chosen, today)]
    last_day = long_day(today + CODE_LASTS)
    say(
        typeset(
            f"{thousands(len(letters))} lettre(s) dans {single_file or folder}, codes valables jusqu'au {last_day}."
        )
    )


def _issue_letters(portal: Portal, chosen: Sequence[Account], today: date) -> Iterator[LetterContent]:
    """Yields the letters; the codes of a batch are activated before its first letter."""
    with progress("Lettres", len(chosen)) as advance:
        for batch in in_batches(chosen, BATCH):
            yield from _issue_batch(portal, batch, today)
            advance(len(batch))


def _issue_batch(portal: Portal, batch: Sequence[Account], today: date) -> list[LetterContent]:
    """Returns the letters of a batch, without the accounts that were opened in the meantime."""
    printed = in_threads(lambda account: record_code_printed(account, today, accounts=portal.stores.accounts), batch)
    unopened = [account for account in printed if not account.opened]
    for account in unopened:
        journal_entry(portal, account.username, "letter_printed")
    return [access_letter(account, today, key=portal.secrets.activation[0]) for account in unopened]


def _write_letter(portal: Portal, letter: LetterContent, folder: Path) -> LetterContent:
    """Write one letter and return it. A letter printed again replaces the earlier file: its code is the same."""
    replace_output_file(folder / f"lettre-{letter.account.username}.pdf", portal.draw_letters([letter]))
    return letter
