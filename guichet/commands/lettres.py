"""`guichet lettres imprimer`: access letters for families that never signed in, ready for the envelopes."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from chalicelib.concurrency import in_batches, side_by_side
from chalicelib.domain.account import Account
from chalicelib.formats import day_in_paris, long_day, thousands
from chalicelib.portal import Portal
from chalicelib.services.authentication.access_letters import Letter, letter_of, note_printed
from chalicelib.services.authentication.activation_code import CODE_LASTS
from chalicelib.wording.guide import typeset
from guichet import french
from guichet.console import ExitCode, progress, say, stop
from guichet.failures import friendly_errors, opened
from guichet.output_file import open_folder, reserved, write_again
from guichet.work import UNKNOWN_ACCOUNT, trace

app = typer.Typer(
    cls=french.FrenchGroup,
    help="Les lettres d’accès.",
    no_args_is_help=True,
    subcommand_metavar="VERBE …",
    rich_markup_mode="markdown",
)

BATCH = 50

One = Annotated[str, typer.Option("--compte", metavar="COMPTE", help="La lettre d’un seul compte.")]
Never = Annotated[bool, french.flag("--jamais-connectes", "Celles de tous les comptes jamais ouverts.")]
Together = Annotated[Path | None, typer.Option("--sortie", metavar="FICHIER", help="Toutes dans un PDF.")]
Apart = Annotated[
    Path | None,
    typer.Option("--dossier", metavar="DOSSIER", help="Un PDF par famille, dans ce dossier."),
]


@app.callback()
def _noun() -> None:
    """Keeps the verb a word of its own, though it is alone."""


@app.command(
    "imprimer",
    cls=french.FrenchCommand,
    epilog="Exemple : python -m guichet lettres imprimer --jamais-connectes --sortie lettres.pdf",
)
def print_letters(
    *,
    username: One = "",
    never_opened: Never = False,
    together: Together = None,
    apart: Apart = None,
    dry_run: Annotated[bool, french.flag("--essai", "Dit ce qui serait imprimé, sans rien écrire.")] = False,
) -> None:
    """Imprime les lettres d’accès, par code postal. Le code d’activation vit 90 jours à partir de l’impression.

    Une famille qui s’est déjà connectée n’en a pas besoin : voyez « comptes renvoyer-acces ».
    """
    if bool(username) == never_opened or (together is None) == (apart is None):
        stop(ExitCode.MISUSE, typeset("Choisissez --compte ou --jamais-connectes, puis --sortie ou --dossier."))
    with friendly_errors():
        portal = opened()
        chosen = _one(portal, username) if username else _never_opened(portal)
        if not chosen:
            say("Aucune lettre à imprimer.")
            return
        if dry_run:
            say(typeset(f"Essai : {thousands(len(chosen))} lettre(s) seraient imprimées, rien n'a été écrit."))
            return
        _print(portal, chosen, together=together, apart=apart)


def _one(portal: Portal, username: str) -> list[Account]:
    account = portal.stores.accounts.find(username)
    if account is None:
        stop(ExitCode.REFUSED, UNKNOWN_ACCOUNT)
    if account.opened:
        stop(
            ExitCode.REFUSED,
            typeset("Cette famille s'est déjà connectée : voyez « comptes renvoyer-acces »."),
        )
    return [account]


def _never_opened(portal: Portal) -> list[Account]:
    """By postcode and town, as the post sorts them."""
    found = [account for account in portal.stores.accounts.every() if not account.opened]
    return sorted(found, key=lambda one: (one.address.postcode, one.address.town, one.holder.last_name, one.username))


def _print(portal: Portal, chosen: Sequence[Account], *, together: Path | None, apart: Path | None) -> None:
    """Codes first live, then are printed: a letter whose code is dead must not exist.

    Where the letters go is known to be writable before the first code lives.
    """
    today = day_in_paris(portal.clock())
    letters: list[Letter] = []
    if together:
        with reserved(together) as fill:
            letters = list(_lived(portal, chosen, today))
            if letters:
                fill(portal.draw_letters(letters))
    elif apart:
        open_folder(apart)
        letters = [_written_apart(portal, letter, apart) for letter in _lived(portal, chosen, today)]
    last_day = long_day(today + CODE_LASTS)
    say(typeset(f"{thousands(len(letters))} lettre(s) dans {together or apart}, codes valables jusqu'au {last_day}."))


def _lived(portal: Portal, chosen: Sequence[Account], today: date) -> Iterator[Letter]:
    """The letters one by one, the codes of each batch living before its first one."""
    with progress("Lettres", len(chosen)) as advance:
        for batch in in_batches(chosen, BATCH):
            yield from _noted(portal, batch, today)
            advance(len(batch))


def _noted(portal: Portal, batch: Sequence[Account], today: date) -> list[Letter]:
    """Letters of the accounts of the batch that were not opened in the meantime."""
    printed = side_by_side(lambda account: note_printed(account, today, accounts=portal.stores.accounts), batch)
    still = [account for account in printed if not account.opened]
    for account in still:
        trace(portal, account.username, "letter_printed")
    return [letter_of(account, today, key=portal.secrets.activation[0]) for account in still]


def _written_apart(portal: Portal, letter: Letter, folder: Path) -> Letter:
    """A letter printed again replaces the one before: its code is the same."""
    write_again(folder / f"lettre-{letter.account.username}.pdf", portal.draw_letters([letter]))
    return letter
