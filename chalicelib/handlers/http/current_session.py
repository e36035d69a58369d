"""Who a session cookie belongs to, and what the page needs, in a single round trip to DynamoDB."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.invoice import NUMBER
from chalicelib.domain.payment import REFERENCE
from chalicelib.handlers.http.visit import Visit
from chalicelib.portal import Portal
from chalicelib.services.authentication.sessions import keep_alive

Reader = tuple[Callable[[Portal, str, Mapping[str, str]], Any], Callable[[Portal, Any], Any]]
"""What to ask for, given the account's handle and the path's parameters; and how to read what came back."""


NO_INVOICE = NO_PAYMENT = "?"
"""Nothing has this name: what cannot be a name is looked up all the same, so that its 404 differs in nothing."""


def _wanted_invoice(portal: Portal, username: str, uri: Mapping[str, str]) -> Any:
    number = uri["numero"]
    return portal.invoices.wanted(username, number if NUMBER.fullmatch(number) else NO_INVOICE)


def _wanted_payment(portal: Portal, username: str, uri: Mapping[str, str]) -> Any:
    reference = uri["reference"]
    return portal.payments.wanted(reference if REFERENCE.fullmatch(reference) else NO_PAYMENT)


READERS: dict[str, Reader] = {
    "account": (
        lambda portal, username, uri: portal.accounts.wanted(username),
        lambda portal, item: portal.accounts.read(item),
    ),
    "summary": (
        lambda portal, username, uri: portal.summaries.wanted(username),
        lambda portal, item: portal.summaries.read(item),
    ),
    "invoice": (_wanted_invoice, lambda portal, item: portal.invoices.read(item)),
    "payment": (_wanted_payment, lambda portal, item: portal.payments.read(item)),
}


def recognise(visit: Visit, *, reads: Sequence[str], uri: Mapping[str, str]) -> Visit:
    """The visit with its session and what its route reads; unchanged when there is no live session.

    The cookie's handle only says where to look: the session must be that account's own.
    """
    username, token = visit.handle
    if not token:
        return visit
    portal = visit.portal
    wanted = [READERS[name][0](portal, username, uri) for name in reads]
    session, found = portal.sessions.find_with(visit.token_hash, wanted)
    idle = timedelta(minutes=portal.settings.session_idle_minutes)
    if session is None or session.username != username or not session.alive(portal.clock(), idle):
        return visit
    keep_alive(visit.token_hash, session, sessions=portal.sessions, clock=portal.clock)
    items = {name: READERS[name][1](portal, item) for name, item in zip(reads, found, strict=True)}
    return replace(visit, session=session, items=items)
