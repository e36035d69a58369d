"""*Déclarer ma nouvelle adresse*: an address change request with its proof, which the office accepts or refuses."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from chalicelib.clock import Clock
from chalicelib.domain.account import Account, Address
from chalicelib.domain.proof import MAX_BYTES, ProofKind, kind_of
from chalicelib.domain.request import Proof, Request, RequestKind, new_reference
from chalicelib.errors import FormRefused
from chalicelib.formats import day_in_paris
from chalicelib.services.account.requests import add_request
from chalicelib.services.authentication.hashing import new_token
from chalicelib.store.requests import RequestStore
from chalicelib.store.uploads import UploadStore
from chalicelib.stores import Stores

WITHIN = timedelta(days=365)
"""A move may be declared at most a year before or after it."""

MOST_PENDING = 3
"""Pending requests of an account: more would hide the right one from the office."""

LONGEST_NAME = 80
DECLARATIONS_A_DAY = 5


class Upload(NamedTuple):
    """An uploaded file: its name as the family gave it, and its bytes."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class Declaration:
    """A new address from a day on; without `proof`, the family brings it to the office."""

    address: Address
    effective_on: date
    proof: Upload | None


def check_effective_day(day: date, today: date) -> None:
    """Raise FormRefused unless the day is near enough for a move that is real."""
    if abs(day - today) > WITHIN:
        raise FormRefused({"date_effet": "day_too_far"})


def recognise_proof(proof: Upload) -> ProofKind:
    """Returns the file type by content, not by name. Raises FormRefused unless PDF, JPEG or PNG of 4 MB at most."""
    if len(proof.content) > MAX_BYTES:
        raise FormRefused({"justificatif": "proof_too_large"})
    kind = kind_of(proof.content)
    if kind is None:
        raise FormRefused({"justificatif": "proof_unreadable"})
    return kind


def check_declaration(account: Account, declared: Declaration, *, requests: RequestStore, clock: Clock) -> None:
    """Raise FormRefused for a day too far, an unusable proof, or too many pending requests; nothing is written."""
    check_effective_day(declared.effective_on, day_in_paris(clock()))
    if declared.proof:
        recognise_proof(declared.proof)
    waiting = [one for one in requests.of(account.username) if one.pending and one.kind is RequestKind.ADDRESS]
    if len(waiting) >= MOST_PENDING:
        raise FormRefused({"ligne_1": "too_many_addresses"})


def declare_address(account: Account, declared: Declaration, *, stores: Stores, clock: Clock) -> Request:
    """Store the proof under a random key, then the request. Returns the request. Call `check_declaration` first.

    Raises FormRefused (proof), Unavailable.
    """
    request = Request(
        username=account.username,
        id=new_reference(RequestKind.ADDRESS, day_in_paris(clock())),
        kind=RequestKind.ADDRESS,
        asked_at=clock(),
        address=declared.address,
        effective_on=declared.effective_on,
        proof=store_proof(declared.proof, uploads=stores.uploads) if declared.proof else None,
    )
    return add_request(request, requests=stores.requests)


def store_proof(proof: Upload, *, uploads: UploadStore) -> Proof:
    """Store the file under a key that cannot be guessed. Raises FormRefused."""
    kind = recognise_proof(proof)
    key = f"justificatifs/{new_token()}.{kind.value}"
    uploads.keep(key, proof.content)
    return Proof(
        key=key,
        extension=kind.value,
        size_bytes=len(proof.content),
        sha256=hashlib.sha256(proof.content).hexdigest(),
        filename=proof.filename[:LONGEST_NAME],
    )
