"""`guichet adresses …`: what families declare, its proof, and the town's answer."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.account_mail import AccountMail, AddressAccepted, AddressRefused
from chalicelib.domain.request import Request, RequestKind
from chalicelib.formats import day_in_paris, long_day, long_instant, short_day, size
from chalicelib.portal import Portal
from chalicelib.services.account.account_mail import start_account_mail
from chalicelib.services.account.requests import accept_address, read_proof, refuse_request
from chalicelib.wording.account import STATES
from chalicelib.wording.guide import typeset
from guichet import agent, french
from guichet.console import ExitCode, say, stop
from guichet.failures import friendly_errors, opened
from guichet.output_file import write_new
from guichet.work import Reference, on_request, trace

app = typer.Typer(
    cls=french.FrenchGroup,
    help="Les nouvelles adresses déclarées par les familles.",
    no_args_is_help=True,
    subcommand_metavar="VERBE …",
    rich_markup_mode="markdown",
)

Reason = Annotated[str, typer.Option("--motif", metavar="TEXTE", help="Ce que la famille lira.")]
ProofFile = Annotated[
    Path | None, typer.Option("--justificatif", metavar="FICHIER", help="Écrit le justificatif reçu dans ce fichier.")
]
LONGEST_REASON = 500


@app.command("lister", cls=french.FrenchCommand, epilog="Exemple : python -m guichet adresses lister")
def list_waiting() -> None:
    """Donne les demandes en attente, la plus ancienne d’abord."""
    with friendly_errors():
        waiting = list(opened().stores.requests.pending(RequestKind.ADDRESS))
        for asked in waiting:
            say(typeset(f"{asked.id} {asked.username} : {_line(asked)}, {_proof(asked)}"))
        if not waiting:
            say("Aucune demande en attente.")


@app.command(
    "voir",
    cls=french.FrenchCommand,
    epilog="Exemple : python -m guichet adresses voir A-260610-K7QX2M --justificatif justificatif.pdf",
)
def show(reference: Reference, *, proof: ProofFile = None) -> None:
    """Montre une demande à côté de l’adresse actuelle. Le justificatif est un fichier reçu d’un inconnu : prudence."""
    with on_request(reference, RequestKind.ADDRESS) as (portal, asked):
        _show(portal, asked)
        if proof and asked.proof is None:
            stop(ExitCode.REFUSED, typeset("Aucun justificatif n'est gardé pour cette demande."))
        if proof:
            write_new(proof, read_proof(asked, uploads=portal.stores.uploads))
            trace(portal, asked.username, "account_viewed", f"justificatif {asked.id}")
            say(typeset(f"Justificatif écrit dans {proof}."))


@app.command(
    "accepter", cls=french.FrenchCommand, epilog="Exemple : python -m guichet adresses accepter A-260610-K7QX2M"
)
def accept(reference: Reference) -> None:
    """Accepte une adresse : elle compte à partir de sa date, sur les factures tracées ce jour-là et après."""
    with on_request(reference, RequestKind.ADDRESS) as (portal, asked):
        accept_address(
            asked,
            agent=agent.acting(),
            client=portal.clients.dynamodb,
            stores=portal.stores,
            clock=portal.clock,
        )
        trace(portal, asked.username, "address_accepted", asked.id)
        _tell(portal, asked, reason="")
        say(typeset(f"{asked.id} acceptée : {_line(asked)}."))


@app.command(
    "refuser",
    cls=french.FrenchCommand,
    epilog='Exemple : python -m guichet adresses refuser A-260610-K7QX2M --motif "Justificatif illisible."',
)
def refuse(reference: Reference, *, reason: Reason) -> None:
    """Refuse une adresse, avec un motif que la famille lit sur le portail et par courriel."""
    written = " ".join(reason.split())
    if not 0 < len(written) <= LONGEST_REASON:
        stop(ExitCode.MISUSE, typeset(f"--motif : de 1 à {LONGEST_REASON} caractères."))
    with on_request(reference, RequestKind.ADDRESS) as (portal, asked):
        refuse_request(
            asked,
            written,
            agent=agent.acting(),
            stores=portal.stores,
            clock=portal.clock,
        )
        trace(portal, asked.username, "address_refused", asked.id)
        _tell(portal, asked, reason=written)
        say(typeset(f"{asked.id} refusée : {written}"))


def _tell(portal: Portal, asked: Request, *, reason: str) -> None:
    """Mail the answer, when the family can receive it."""
    account = portal.stores.accounts.find(asked.username)
    if account is None or not account.email or account.email_bounced_at or not asked.address or not asked.effective_on:
        return
    common = {"to": account.email, "username": asked.username, "reference": asked.id, "address": asked.address}
    answer: AccountMail = (
        AddressRefused.model_validate({**common, "reason": reason})
        if reason
        else AddressAccepted.model_validate({**common, "effective_on": asked.effective_on})
    )
    start_account_mail(answer, tasks=portal.tasks)


def _show(portal: Portal, asked: Request) -> None:
    account = portal.stores.accounts.find(asked.username)
    say(typeset(f"{asked.id}, {STATES[asked.state]}, demandée le {long_instant(asked.asked_at)}"))
    if account:
        held = account.as_of(day_in_paris(portal.clock()))
        say(typeset(f"Compte {held.username}, {held.holder.full_name} : {', '.join(held.address.lines)}"))
    say(typeset(f"Nouvelle adresse : {_line(asked)}"))
    say(typeset(f"Justificatif : {_proof(asked)}"))
    if asked.decided_at:
        answer = f" : {asked.answer}" if asked.answer else ""
        say(typeset(f"Traitée le {long_instant(asked.decided_at)} par {asked.decided_by}{answer}"))


def _line(asked: Request) -> str:
    address = ", ".join(asked.address.lines) if asked.address else ""
    return f"{address}, à partir du {long_day(asked.effective_on) if asked.effective_on else ''}"


def _proof(asked: Request) -> str:
    if asked.proof is None:
        return "apporté au guichet" if asked.pending else "effacé"
    return f"{asked.proof.filename or short_day(day_in_paris(asked.asked_at))} ({size(asked.proof.octets)})"
