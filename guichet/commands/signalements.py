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
from guichet import agent
from guichet.console import say
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp
from guichet.options import parse_text_option
from guichet.work import Reference, journal_entry, on_request, reachable_email

app = FrenchApp("signalements", "Les erreurs signalées par les familles.")

Answer = Annotated[str, typer.Option("--reponse", metavar="TEXTE", help="Ce que la famille lira.")]
LONGEST_ANSWER = 1000


@app.verb("lister")
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


@app.verb("clore", 'S-260610-K7QX2M --reponse "La date est corrigée."')
def close(reference: Reference, *, answer: Answer) -> None:
    """Répond à une erreur signalée ; elle se corrige dans le logiciel de la ville, et l’import suivant l’apporte."""
    written = parse_text_option("--reponse", answer, longest=LONGEST_ANSWER)
    with on_request(reference, RequestKind.ERROR) as (portal, request):
        close_request(request, written, agent=agent.acting(), requests=portal.stores.requests, clock=portal.clock)
        journal_entry(portal, request.username, "error_closed", request.id)
        if email := reachable_email(portal.stores.accounts.find(request.username)):
            mail = ErrorClosed(
                to=email,
                username=request.username,
                reference=request.id,
                asked_at=request.asked_at,
                answer=written,
            )
            start_account_mail(mail, tasks=portal.tasks)
        say(typeset(f"{request.id} close : {written}"))
