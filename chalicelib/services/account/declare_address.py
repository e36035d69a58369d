"""*Déclarer ma nouvelle adresse*: what a family declares, its proof in our hands, and the desk's turn to decide."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from chalicelib.clock import Clock
from chalicelib.domain.account import Account, Address
from chalicelib.domain.proof import MOST_BYTES, ProofKind, kind_of
from chalicelib.domain.request import Proof, Request, RequestKind, new_reference
from chalicelib.errors import FormRefused
from chalicelib.formats import day_in_paris
from chalicelib.services.account.requests import add_request
from chalicelib.services.authentication.hashing import new_token
from chalicelib.store.requests import RequestStore
from chalicelib.store.uploads import UploadStore
from chalicelib.stores import Stores

WITHIN = timedelta(days=365)
"""A move is declared at most a year before or after it."""

MOST_PENDING = 3
"""Requests of an account that wait at the same time: more would only hide the right one from the desk."""

LONGEST_NAME = 80
DECLARATIONS_A_DAY = 5


class Upload(NamedTuple):
    """A file as it arrived: what the family calls it, and its bytes."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Declaration:
    """A new address from a day on; without `proof`, the family brings it to the counter."""

    address: Address
    effective_on: date
    proof: Upload | None


def check_effective_day(day: date, today: date) -> None:
    """Raise FormRefused unless the day is near enough for a move that is real."""
    if abs(day - today) > WITHIN:
        raise FormRefused({"date_effet": "day_too_far"})


def recognise_proof(proof: Upload) -> ProofKind:
    """What the content is, whatever its name says. Raises FormRefused but for PDF, JPEG and PNG of 4 MB at most."""
    if len(proof.content) > MOST_BYTES:
        raise FormRefused({"justificatif": "proof_too_large"})
    kind = kind_of(proof.content)
    if kind is None:
        raise FormRefused({"justificatif": "proof_unreadable"})
    return kind


def check_declaration(account: Account, declared: Declaration, *, requests: RequestStore, clock: Clock) -> None:
    """Raise FormRefused for a day too far, a proof that is none, or too many requests that wait; nothing is written."""
    check_effective_day(declared.effective_on, day_in_paris(clock()))
    if declared.proof:
        recognise_proof(declared.proof)
    waiting = [one for one in requests.of(account.username) if one.pending and one.kind is RequestKind.ADDRESS]
    if len(waiting) >= MOST_PENDING:
        raise FormRefused({"ligne_1": "too_many_addresses"})


def declare_address(account: Account, declared: Declaration, *, stores: Stores, clock: Clock) -> Request:
    """Keep the proof under a name of ours, then the request; answers it. `check_declaration` let it pass.

    Raises FormRefused (proof), Unavailable.
    """
    asked = Request(
        username=account.username,
        id=new_reference(RequestKind.ADDRESS, day_in_paris(clock())),
        kind=RequestKind.ADDRESS,
        asked_at=clock(),
        address=declared.address,
        effective_on=declared.effective_on,
        proof=keep_proof(declared.proof, uploads=stores.uploads) if declared.proof else None,
    )
    return add_request(asked, requests=stores.requests)


def keep_proof(proof: Upload, *, uploads: UploadStore) -> Proof:
    """Store the file where nobody can guess it. Raises FormRefused."""
    kind = recognise_proof(proof)
    key = f"justificatifs/{new_token()}.{kind.value}"
    uploads.keep(key, proof.content)
    return Proof(
        key=key,
        extension=kind.value,
        octets=len(proof.content),
        sha256=hashlib.sha256(proof.content).hexdigest(),
        filename=proof.filename[:LONGEST_NAME],
    )
