"""`guichet comptes …`: show an account, unlock it, end its sessions, renew its access; each act is in the journal."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.account import Account
from chalicelib.domain.account_mail import AccessRenewed
from chalicelib.domain.invoice import HISTORY_YEARS, years_before
from chalicelib.errors import MailRefused, NothingToSearch
from chalicelib.formats import day_in_paris, long_day
from chalicelib.portal import Portal
from chalicelib.services.account.account_mail import start_account_mail
from chalicelib.services.account.find_families import find_families
from chalicelib.services.authentication.access_letters import access_letter, renew_access
from chalicelib.services.authentication.locks import current_locks
from chalicelib.services.authentication.password_links import reset_link_mail
from chalicelib.services.authentication.sessions import end_every_session
from chalicelib.services.authentication.unlock import unlock_account, unlock_every_account
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, confirm_on_terminal, say, stop, warn
from guichet.display.account_display import show_account, show_due, show_journal, show_pending_requests
from guichet.display.account_invoices import show_invoices
from guichet.display.search_display import show_answers
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp, flag
from guichet.options import Sure
from guichet.output_file import new_output_file
from guichet.work import Username, journal_entry, on_account, reachable_email

app = FrenchApp("comptes", "Les comptes des familles.")

LAST_ACTS = 20

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="MOTS…",
        help="Nom, prénom, enfant, courriel, téléphone, famille, identifiant, numéro de facture ou de paiement.",
    ),
]

UsernameOrNone = Annotated[str | None, typer.Argument(metavar="COMPTE", help="L’identifiant du compte.")]
Everyone = Annotated[bool, flag("--tous", "Lève les blocages de tous les comptes.")]

Letter = Annotated[
    Path | None, typer.Option("--courrier", metavar="FICHIER", help="Écrit la lettre d’accès dans ce PDF.")
]


@app.verb("chercher", "dupont zoé")
def search(words: Words) -> None:
    """Cherche une famille par ce qu’elle dit d’elle au guichet, accents et majuscules indifférents.

    Chaque mot peut être le début d’un nom, d’un prénom, d’un courriel ou d’un numéro ; une commune ou une rue précise
    la recherche. Vingt réponses au plus, les plus exactes d’abord, celles qui se prononcent de même à la fin.
    """
    with friendly_errors():
        portal = open_portal()
        try:
            key = portal.secrets.counting[0]
            answers = find_families(" ".join(words), stores=portal.stores, key=key, now=portal.clock())
        except NothingToSearch:
            stop(ExitCode.MISUSE, typeset("Tapez au moins deux lettres d'un nom, ou un numéro."))
        show_answers(answers)


@app.verb("voir", "100001")
def show(username: Username) -> None:
    """Montre un compte : coordonnées, accès, blocage, chaque facture et ses règlements, demandes, activité.

    Les factures vont de la plus récente à la plus ancienne ; les mouvements sont ceux de cinq ans. La consultation est
    tracée.
    """
    with on_account(username) as (portal, account):
        now = portal.clock()
        show_account(account, now, locks=current_locks(username, attempts=portal.stores.attempts, now=now))
        rows = portal.stores.summaries.find(username)
        show_due(rows)
        since = years_before(day_in_paris(now), HISTORY_YEARS)
        show_invoices(rows, portal.stores.ledger.of_account(username, since=since))
        show_pending_requests(portal.stores.requests.of(username))
        show_journal(portal.stores.journal.latest(username, now=now, most=LAST_ACTS))
        journal_entry(portal, username, "account_viewed")


@app.verb("debloquer", "100001")
def unlock(username: UsernameOrNone = None, *, everyone: Everyone = False, sure: Sure = False) -> None:
    """Lève le blocage d’un compte après sept essais : la famille peut se reconnecter tout de suite.

    Avec --tous, lève les blocages de tous les comptes, après une attaque ; un terminal demande confirmation.
    """
    if everyone == bool(username):
        stop(ExitCode.MISUSE, typeset("Donnez l'identifiant d'un compte, ou --tous."))
    if everyone:
        _unlock_everyone(sure=sure)
    else:
        _unlock_one(username or "")


def _unlock_everyone(*, sure: bool) -> None:
    with friendly_errors():
        portal = open_portal()
        cancelled = typeset("Rien n'a été débloqué.")
        confirm_on_terminal("Lever les blocages de tous les comptes ?", sure=sure, cancelled=cancelled)
        unlock_every_account(attempts=portal.stores.attempts, now=portal.clock())
        say(typeset("Tous les comptes bloqués jusqu'ici sont débloqués."))


def _unlock_one(username: str) -> None:
    with on_account(username) as (portal, account):
        locked = current_locks(username, attempts=portal.stores.attempts, now=portal.clock())
        unlock_account(account.username, attempts=portal.stores.attempts, now=portal.clock())
        journal_entry(portal, username, "account_unlocked")
        say(typeset(f"Compte {username} débloqué." if locked else f"Compte {username} : compteurs remis à zéro."))


@app.verb("fermer-sessions", "100001")
def end_sessions(username: Username) -> None:
    """Ferme toutes les sessions ouvertes d’un compte : chaque navigateur doit se reconnecter.

    Le mot de passe ne change pas, et qui le connaît se reconnecte : s’il n’est plus secret, voir renvoyer-acces.
    """
    with on_account(username) as (portal, account):
        ended = end_every_session(account, stores=portal.stores, clock=portal.clock)
        journal_entry(portal, username, "sessions_ended")
        say(typeset(f"Compte {username} : {ended} session(s) fermée(s), au plus."))


@app.verb("renvoyer-acces", "100003 --courrier lettre-100003.pdf")
def renew(username: Username, *, letter: Letter = None) -> None:
    """Redonne un accès à une famille : par courriel, un lien valable 30 minutes ; avec --courrier, une lettre à poster.

    La lettre porte un nouveau code d’activation : l’ancien mot de passe et les anciens codes ne servent plus.
    """
    with on_account(username) as (portal, account):
        if letter is None:
            _by_mail(portal, account)
        else:
            _by_letter(portal, account, letter)


def _by_mail(portal: Portal, account: Account) -> None:
    email = reachable_email(account)
    if not email:
        stop(ExitCode.REFUSED, typeset("Ce compte n'a pas d'adresse mail qui arrive : ajoutez --courrier FICHIER."))
    message = reset_link_mail(
        account,
        email,
        town=portal.town,
        link=portal.settings.link,
        tickets=portal.stores.tickets,
        clock=portal.clock,
    )
    try:
        portal.mailer.send(message)
    except MailRefused:
        stop(ExitCode.REFUSED, typeset(f"L'adresse {email} est refusée : ajoutez --courrier FICHIER."))
    journal_entry(portal, account.username, "access_renewed", "courriel")
    say(typeset(f"Un lien valable 30 minutes est parti à {email}."))


def _by_letter(portal: Portal, account: Account, path: Path) -> None:
    with new_output_file(path) as write:  # before the old access ends: if the file cannot be written, nothing changes
        today = day_in_paris(portal.clock())
        renewed = renew_access(account, today, stores=portal.stores)
        letter = access_letter(renewed, today, key=portal.secrets.activation[0])
        try:
            _notify_renewal(portal, account)
            write(portal.draw_letters([letter]))
        except BaseException:
            warn(typeset("L'ancien accès ne sert plus, et la lettre n'est pas faite : relancez la commande."))
            raise
    say(typeset(f"{path} : lettre à poster, code valable jusqu'au {long_day(letter.valid_until)}."))


def _notify_renewal(portal: Portal, account: Account) -> None:
    """Write the journal entry and mail the family: the old access has ended even if the letter fails."""
    journal_entry(portal, account.username, "access_renewed", "courrier")
    if email := reachable_email(account):
        start_account_mail(AccessRenewed(to=email, username=account.username, at=portal.clock()), tasks=portal.tasks)
