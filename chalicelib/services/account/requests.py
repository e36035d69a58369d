"""Requests of families (address change, reported error) and the office's decisions: one decision per request."""

from typing import Any

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.journal import FAMILY
from chalicelib.domain.request import Request, RequestState, new_reference
from chalicelib.errors import AlreadyDecided, NotFound, Unavailable
from chalicelib.formats import day_in_paris
from chalicelib.store.requests import RequestStore
from chalicelib.store.retry import retry
from chalicelib.store.transactions import transact_write
from chalicelib.store.uploads import UploadStore
from chalicelib.stores import Stores

MOST_REFERENCES = 3
"""Random references tried: two alike on one day, for one account, happen once in a billion."""


def add_request(request: Request, *, requests: RequestStore) -> Request:
    """Store a new request, under another reference if its own is taken. Returns it as stored. Raises Unavailable."""
    for _ in range(MOST_REFERENCES):
        if requests.add(request):
            return request
        request = request.model_copy(update={"id": new_reference(request.kind, day_in_paris(request.asked_at))})
    raise Unavailable("requests: references")


def read_proof(request: Request | None, *, uploads: UploadStore) -> bytes:
    """Returns the proof of a pending request (bytes). Raises NotFound."""
    if request is None or request.proof is None:
        raise NotFound
    return uploads.read(request.proof.key)


def withdraw_request(request: Request, *, stores: Stores, clock: Clock) -> Request:
    """Withdraw a request for its family, and delete its proof. Raises AlreadyDecided."""
    ended = request.ended(RequestState.WITHDRAWN, at=clock(), by=FAMILY)
    return _end(request, ended, stores=stores)


def refuse_request(request: Request, reason: str, *, agent: str, stores: Stores, clock: Clock) -> Request:
    """Refuse a request, with a reason that the family will read, and delete its proof. Raises AlreadyDecided."""
    ended = request.ended(RequestState.REFUSED, at=clock(), by=agent, answer=reason)
    return _end(request, ended, stores=stores)


def close_request(request: Request, answer: str, *, agent: str, requests: RequestStore, clock: Clock) -> Request:
    """Close a reported error with an answer to the family. Raises AlreadyDecided."""
    ended = request.ended(RequestState.CLOSED, at=clock(), by=agent, answer=answer)
    return _decide(request, ended, requests=requests)


def accept_address(
    request: Request, *, agent: str, client: Any, stores: Stores, clock: Clock,
) -> Request:  # fmt: skip
    """Accept an address from its date on: decision and account are written in one transaction.

    Raises AlreadyDecided, NotFound when the account was erased, Unavailable after too many conflicting writes.
    """
    if not request.pending:
        raise AlreadyDecided
    ended = request.ended(RequestState.ACCEPTED, at=clock(), by=agent)

    def once() -> Request | None:
        current = stores.accounts.find(request.username)
        if current is None:
            raise NotFound
        moved = with_requested_address(current.as_of(day_in_paris(clock())), request, clock)
        if transact_write(
            client, [stores.accounts.replacement(current, moved), stores.requests.decision(request, ended)]
        ):
            return ended
        stored = stores.requests.find(request.username, request.id)
        if stored is None or not stored.pending:
            raise AlreadyDecided
        return None

    accepted = once() or retry(once, what=f"accounts: {request.username}")
    _delete_proof(request, stores.uploads)
    return accepted


def with_requested_address(account: Account, request: Request, clock: Clock) -> Account:
    """Returns the account with the requested address: at once when its date has come, else from that date.

    An import must not overwrite it: the field is marked as changed by the parent.
    """
    moved = {"next_address": request.address, "moves_on": request.effective_on}
    changed_by_parent = tuple(sorted({*account.changed_by_parent, "address"}))
    changed = {**moved, "changed_by_parent": changed_by_parent, "changed_at": clock()}
    return account.model_copy(update=changed).as_of(day_in_paris(clock()))


def _end(before: Request, ended: Request, *, stores: Stores) -> Request:
    _decide(before, ended, requests=stores.requests)
    _delete_proof(before, stores.uploads)
    return ended


def _decide(before: Request, ended: Request, *, requests: RequestStore) -> Request:
    if not before.pending or not requests.decide(before, ended):
        raise AlreadyDecided
    return ended


def _delete_proof(request: Request, uploads: UploadStore) -> None:
    """The CNIL asks that it is kept no longer than the decision needs."""
    if request.proof:
        uploads.remove(request.proof.key)
