"""`guichet signalements …`: what families say is wrong in their file, and the desk's answer."""

from typing import Annotated

import typer

from chalicelib.domain.account_mail import ErrorClosed
from chalicelib.domain.request import RequestKind
from chalicelib.formats import long_instant
from chalicelib.services.account.account_mail import start_account_mail
from chalicelib.services.account.requests import close_request
from chalicelib.wording.account import SUBJECTS
from chalicelib.wording.guide import typeset
from guichet import agent, french
from guichet.console import ExitCode, say, stop
from guichet.failures import friendly_errors, opened
from guichet.work import Reference, on_request, trace

app = typer.Typer(
    cls=french.FrenchGroup,
    help="Les erreurs signalées par les familles.",
    no_args_is_help=True,
    subcommand_metavar="VERBE …",
    rich_markup_mode="markdown",
)

Answer = Annotated[str, typer.Option("--reponse", metavar="TEXTE", help="Ce que la famille lira.")]
LONGEST_ANSWER = 1000


@app.command("lister", cls=french.FrenchCommand, epilog="Exemple : python -m guichet signalements lister")
def list_waiting() -> None:
    """Donne les erreurs signalées et sans réponse, la plus ancienne d’abord."""
    with friendly_errors():
        waiting = list(opened().stores.requests.pending(RequestKind.ERROR))
        for asked in waiting:
            say(typeset(f"{asked.id} {asked.username}, {long_instant(asked.asked_at)}, {SUBJECTS[asked.about]} :"))
            say("  " + asked.message.replace("\n", "\n  "))
        if not waiting:
            say("Aucune erreur signalée sans réponse.")


@app.command(
    "clore",
    cls=french.FrenchCommand,
    epilog='Exemple : python -m guichet signalements clore S-260610-K7QX2M --reponse "La date est corrigée."',
)
def close(reference: Reference, *, answer: Answer) -> None:
    """Répond à une erreur signalée ; elle se corrige dans le logiciel de la ville, et l’import suivant l’apporte."""
    written = " ".join(answer.split())
    if not 0 < len(written) <= LONGEST_ANSWER:
        stop(ExitCode.MISUSE, typeset(f"--reponse : de 1 à {LONGEST_ANSWER} caractères."))
    with on_request(reference, RequestKind.ERROR) as (portal, asked):
        close_request(asked, written, agent=agent.acting(), requests=portal.stores.requests, clock=portal.clock)
        trace(portal, asked.username, "error_closed", asked.id)
        account = portal.stores.accounts.find(asked.username)
        if account and account.email and not account.email_bounced_at:
            told_family = ErrorClosed(
                to=account.email,
                username=asked.username,
                reference=asked.id,
                asked_at=asked.asked_at,
                answer=written,
            )
            start_account_mail(told_family, tasks=portal.tasks)
        say(typeset(f"{asked.id} close : {written}"))
