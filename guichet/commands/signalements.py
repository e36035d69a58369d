"""`guichet signalements …`: list the errors that families report in their file, and answer them."""

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
from guichet.failures import friendly_errors, open_portal
from guichet.work import Reference, journal_entry, on_request

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
        waiting = list(open_portal().stores.requests.pending(RequestKind.ERROR))
        for request in waiting:
            say(
                typeset(
                    f"{request.id} {request.username}, {long_instant(request.asked_at)}, {SUBJECTS[request.about]} :"
                )
            )
            say("  " + request.message.replace("\n", "\n  "))
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
    with on_request(reference, RequestKind.ERROR) as (portal, request):
        close_request(request, written, agent=agent.acting(), requests=portal.stores.requests, clock=portal.clock)
        journal_entry(portal, request.username, "error_closed", request.id)
        account = portal.stores.accounts.find(request.username)
        if account and account.email and not account.email_bounced_at:
            mail = ErrorClosed(
                to=account.email,
                username=request.username,
                reference=request.id,
                asked_at=request.asked_at,
                answer=written,
            )
            start_account_mail(mail, tasks=portal.tasks)
        say(typeset(f"{request.id} close : {written}"))
