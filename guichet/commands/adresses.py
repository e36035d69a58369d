"""`guichet adresses …`: list, show, accept or refuse the new addresses that families declare."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.account_mail import AccountMail, AddressAccepted, AddressRefused
from chalicelib.domain.proof import kind_of
from chalicelib.domain.request import Request, RequestKind
from chalicelib.formats import day_in_paris, long_day, long_instant, short_day, size
from chalicelib.portal import Portal
from chalicelib.services.account.account_mail import start_account_mail
from chalicelib.services.account.requests import accept_address, read_proof, refuse_request
from chalicelib.wording.account import STATES
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, say, stop
from guichet.failures import friendly_errors, open_portal
from guichet.french import FrenchApp
from guichet.options import parse_text_option
from guichet.output_file import write_output_file
from guichet.work import Reference, journal_entry, on_request, reachable_email

app = FrenchApp("adresses", "Les nouvelles adresses déclarées par les familles.")

Reason = Annotated[str, typer.Option("--motif", metavar="TEXTE", help="Ce que la famille lira.")]
ProofFile = Annotated[
    Path | None, typer.Option("--justificatif", metavar="FICHIER", help="Écrit le justificatif reçu dans ce fichier.")
]
LONGEST_REASON = 500


@app.verb("lister")
def list_waiting() -> None:
    """Donne les demandes en attente, la plus ancienne d’abord."""
    with friendly_errors():
        waiting = list(open_portal().stores.requests.pending(RequestKind.ADDRESS))
        for request in waiting:
            say(typeset(f"{request.id} {request.username} : {_line(request)}, {_proof(request)}"))
        if not waiting:
            say("Aucune demande en attente.")


@app.verb("voir", "A-260610-K7QX2M --justificatif justificatif.pdf")
def show(reference: Reference, *, proof: ProofFile = None) -> None:
    """Montre une demande à côté de l’adresse actuelle. Le justificatif est un fichier reçu d’un inconnu : prudence."""
    with on_request(reference, RequestKind.ADDRESS) as (portal, request):
        _show(portal, request)
        if proof and request.proof is None:
            stop(ExitCode.REFUSED, typeset("Aucun justificatif n'est gardé pour cette demande."))
        if proof:
            content = read_proof(request, uploads=portal.stores.uploads)
            kind = kind_of(content)
            written = proof.with_suffix(f".{kind.value}") if kind else proof  # the family chose the name, not the kind
            write_output_file(written, content)
            journal_entry(portal, request.username, "account_viewed", f"justificatif {request.id}")
            say(typeset(f"Justificatif écrit dans {written}."))


@app.verb("accepter", "A-260610-K7QX2M")
def accept(reference: Reference) -> None:
    """Accepte une adresse : elle compte à partir de sa date, sur les factures tracées ce jour-là et après."""
    with on_request(reference, RequestKind.ADDRESS) as (portal, request):
        accept_address(
            request,
            agent=agent.acting(),
            client=portal.clients.dynamodb,
            stores=portal.stores,
            clock=portal.clock,
        )
        journal_entry(portal, request.username, "address_accepted", request.id)
        _mail_answer(portal, request, reason="")
        say(typeset(f"{request.id} acceptée : {_line(request)}."))


@app.verb("refuser", 'A-260610-K7QX2M --motif "Justificatif illisible."')
def refuse(reference: Reference, *, reason: Reason) -> None:
    """Refuse une adresse, avec un motif que la famille lit sur le portail et par courriel."""
    written = parse_text_option("--motif", reason, longest=LONGEST_REASON)
    with on_request(reference, RequestKind.ADDRESS) as (portal, request):
        refuse_request(
            request,
            written,
            agent=agent.acting(),
            stores=portal.stores,
            clock=portal.clock,
        )
        journal_entry(portal, request.username, "address_refused", request.id)
        _mail_answer(portal, request, reason=written)
        say(typeset(f"{request.id} refusée : {written}"))


def _mail_answer(portal: Portal, request: Request, *, reason: str) -> None:
    """Mail the decision to the family, if it has an e-mail address that works."""
    email = reachable_email(portal.stores.accounts.find(request.username))
    if not (email and request.address and request.effective_on):
        return
    common = {"to": email, "username": request.username, "reference": request.id, "address": request.address}
    answer: AccountMail = (
        AddressRefused.model_validate({**common, "reason": reason})
        if reason
        else AddressAccepted.model_validate({**common, "effective_on": request.effective_on})
    )
    start_account_mail(answer, tasks=portal.tasks)


def _show(portal: Portal, request: Request) -> None:
    account = portal.stores.accounts.find(request.username)
    say(typeset(f"{request.id}, {STATES[request.state]}, demandée le {long_instant(request.asked_at)}"))
    if account:
        current = account.as_of(day_in_paris(portal.clock()))
        say(typeset(f"Compte {current.username}, {current.holder.full_name} : {', '.join(current.address.lines)}"))
    say(typeset(f"Nouvelle adresse : {_line(request)}"))
    say(typeset(f"Justificatif : {_proof(request)}"))
    if request.decided_at:
        answer = f" : {request.answer}" if request.answer else ""
        say(typeset(f"Traitée le {long_instant(request.decided_at)} par {request.decided_by}{answer}"))


def _line(request: Request) -> str:
    address = ", ".join(request.address.lines) if request.address else ""
    return f"{address}, à partir du {long_day(request.effective_on) if request.effective_on else ''}"


def _proof(request: Request) -> str:
    if request.proof is None:
        return "apporté au guichet" if request.pending else "effacé"
    return f"{request.proof.filename or short_day(day_in_paris(request.asked_at))} ({size(request.proof.size_bytes)})"
