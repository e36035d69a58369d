"""What every verb on accounts and requests begins with: the portal, the account or the request that was named."""

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
from guichet.failures import friendly_errors, opened

Username = Annotated[str, typer.Argument(metavar="COMPTE", help="L’identifiant du compte.")]
Reference = Annotated[str, typer.Argument(metavar="RÉFÉRENCE", help="La référence de la demande.")]

UNKNOWN_ACCOUNT = typeset("Aucun compte n'a cet identifiant.")
UNKNOWN_REQUEST = typeset("Aucune demande n'a cette référence.")
DECIDED = typeset("Cette demande n'attend plus de réponse : elle a déjà été traitée, ou la famille l'a retirée.")


@contextmanager
def on_account(username: str) -> Iterator[tuple[Portal, Account]]:
    """The portal and the account. Ends the command when there is none."""
    with friendly_errors():
        portal = opened()
        account = portal.stores.accounts.find(username)
        if account is None:
            stop(ExitCode.REFUSED, UNKNOWN_ACCOUNT)
        yield portal, account


@contextmanager
def on_request(reference: str, kind: RequestKind) -> Iterator[tuple[Portal, Request]]:
    """The portal and the request, its case forgiven. Ends the command when it is unknown, or decided meanwhile."""
    with friendly_errors():
        portal = opened()
        asked = portal.stores.requests.by_reference(reference.strip().upper())
        if asked is None or asked.kind is not kind:
            stop(ExitCode.REFUSED, UNKNOWN_REQUEST)
        try:
            yield portal, asked
        except AlreadyDecided:
            stop(ExitCode.REFUSED, DECIDED)


def trace(portal: Portal, username: str, event: str, detail: str = "") -> None:
    """Note on the account what an agent did, and who."""
    portal.stores.journal.note(username, event, at=portal.clock(), by=agent.acting(), detail=detail)
