"""What the family asks of the desk, and what the desk answers: one decision each, whoever comes first."""

from typing import Any

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.journal import FAMILY
from chalicelib.domain.request import Request, RequestState, new_reference
from chalicelib.errors import AlreadyDecided, NotFound, Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.store.requests import RequestStore
from chalicelib.store.retry import retry
from chalicelib.store.transactions import write_together
from chalicelib.store.uploads import UploadStore
from chalicelib.stores import Stores

REFERENCES = 3
"""Two references drawn alike on one day, for one account: once in a billion."""


def add_request(asked: Request, *, requests: RequestStore) -> Request:
    """Write a new request, under another reference if its own is taken. Raises Unavailable."""
    for _ in range(REFERENCES):
        if requests.add(asked):
            return asked
        asked = asked.model_copy(update={"id": new_reference(asked.kind, day_in_paris(asked.asked_at))})
    raise Unavailable("requests: references")


def read_proof(request: Request | None, *, uploads: UploadStore) -> bytes:
    """The proof of a request, byte for byte, while it waits. Raises NotFound."""
    if request is None or request.proof is None:
        raise NotFound
    return uploads.read(request.proof.key)


def withdraw_request(request: Request, *, stores: Stores, clock: Clock) -> Request:
    """The family takes its request back; its proof is forgotten. Raises AlreadyDecided."""
    ended = request.ended(RequestState.WITHDRAWN, at=clock(), by=FAMILY)
    return _end(request, ended, stores=stores)


def refuse_request(request: Request, reason: str, *, agent: str, stores: Stores, clock: Clock) -> Request:
    """Refuse, with a reason that the family will read. Raises AlreadyDecided."""
    ended = request.ended(RequestState.REFUSED, at=clock(), by=agent, answer=reason)
    return _end(request, ended, stores=stores)


def close_request(request: Request, answer: str, *, agent: str, requests: RequestStore, clock: Clock) -> Request:
    """Answer a reported error. Raises AlreadyDecided."""
    ended = request.ended(RequestState.CLOSED, at=clock(), by=agent, answer=answer)
    return _decide(request, ended, requests=requests)


def accept_address(
    request: Request, *, agent: str, client: Any, stores: Stores, clock: Clock,
) -> Request:  # fmt: skip
    """Accept, and let the address count from its date: decision and account change together, or not at all.

    Raises AlreadyDecided, NotFound when the account was erased, Unavailable when it never holds still.
    """
    if not request.pending:
        raise AlreadyDecided
    ended = request.ended(RequestState.ACCEPTED, at=clock(), by=agent)

    def once() -> Request | None:
        held = stores.accounts.find(request.username)
        if held is None:
            raise NotFound
        moved = moving(held.as_of(day_in_paris(clock())), request, clock)
        if write_together(client, [stores.accounts.replacement(held, moved), stores.requests.decision(request, ended)]):
            return ended
        still = stores.requests.find(request.username, request.id)
        if still is None or not still.pending:
            raise AlreadyDecided
        return None

    accepted = once() or retry(once, what=f"accounts: {request.username}")
    _forget_proof(request, stores.uploads)
    return accepted


def moving(account: Account, request: Request, clock: Clock) -> Account:
    """The account with the address it asked for: at once when its date has come, else from that date.

    A declared address is the family's own word: an import must not write over it.
    """
    moved = {"next_address": request.address, "moves_on": request.effective_on}
    marked = tuple(sorted({*account.changed_by_parent, "address"}))
    kept = account.model_copy(update={**moved, "changed_by_parent": marked, "changed_at": clock()})
    return kept.as_of(day_in_paris(clock()))


def _end(before: Request, ended: Request, *, stores: Stores) -> Request:
    _decide(before, ended, requests=stores.requests)
    _forget_proof(before, stores.uploads)
    return ended


def _decide(before: Request, ended: Request, *, requests: RequestStore) -> Request:
    if not before.pending or not requests.decide(before, ended):
        raise AlreadyDecided
    return ended


def _forget_proof(request: Request, uploads: UploadStore) -> None:
    """It served to decide; the CNIL asks that it is kept no longer."""
    if request.proof:
        uploads.remove(request.proof.key)
