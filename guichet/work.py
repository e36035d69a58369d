"""Shared by the commands on accounts and requests: their arguments, lookup by identifier, journal entries."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from chalicelib.domain.account import Account
from chalicelib.domain.request import Request, RequestKind
from chalicelib.errors import AlreadyDecided
from chalicelib.portal import Portal
from chalicelib.wording.guide import typeset
from guichet import agent
from guichet.console import ExitCode, stop
from guichet.failures import friendly_errors, open_portal

Username = Annotated[str, typer.Argument(metavar="COMPTE", help="L’identifiant du compte.")]
Reference = Annotated[str, typer.Argument(metavar="RÉFÉRENCE", help="La référence de la demande.")]

UNKNOWN_ACCOUNT = typeset("Aucun compte n'a cet identifiant.")
UNKNOWN_REQUEST = typeset("Aucune demande n'a cette référence.")
DECIDED = typeset("Cette demande n'attend plus de réponse : elle a déjà été traitée, ou la famille l'a retirée.")


@contextmanager
def on_account(username: str) -> Iterator[tuple[Portal, Account]]:
    """Yields the portal and the account. Ends the command when there is none."""
    with friendly_errors():
        portal = open_portal()
        account = portal.stores.accounts.find(username)
        if account is None:
            stop(ExitCode.REFUSED, UNKNOWN_ACCOUNT)
        yield portal, account


@contextmanager
def on_request(reference: str, kind: RequestKind) -> Iterator[tuple[Portal, Request]]:
    """Yields the portal and the request; case-insensitive. Ends the command when it is unknown or already decided."""
    with friendly_errors():
        portal = open_portal()
        request = portal.stores.requests.by_reference(reference.strip().upper())
        if request is None or request.kind is not kind:
            stop(ExitCode.REFUSED, UNKNOWN_REQUEST)
        try:
            yield portal, request
        except AlreadyDecided:
            stop(ExitCode.REFUSED, DECIDED)


def reachable_email(account: Account | None) -> str:
    """Returns the account's e-mail address; empty when it has none, or when mails to it bounce."""
    return account.email or "" if account and not account.email_bounced_at else ""


def journal_entry(portal: Portal, username: str, event: str, detail: str = "") -> None:
    """Write in the account's journal what the agent did."""
    portal.stores.journal.note(username, event, at=portal.clock(), by=agent.acting(), detail=detail)
