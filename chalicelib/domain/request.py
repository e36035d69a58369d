"""Requests of a family to the office: a new address with its proof, or a reported error; and their decision."""

import re
import secrets
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.account import Address
from chalicelib.domain.models import Model

ID = re.compile(r"[AS]-\d{6}-[A-HJ-NP-Z2-9]{6}", re.ASCII)
REFERENCE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""The alphabet of references, without I, O, 0 and 1: they are read out on the telephone."""


class RequestKind(StrEnum):
    """The kind, by the first letter of its references: *adresse* or *signalement*."""

    ADDRESS = "A"
    ERROR = "S"


class RequestState(StrEnum):
    """An address ends ACCEPTED, REFUSED or WITHDRAWN; a reported error ends CLOSED."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"


class Proof(Model):
    """*Justificatif*: the S3 key, size in bytes and hash of the copy; `filename` is what the family called it."""

    key: str
    extension: str
    size_bytes: int = Field(alias="octets")
    sha256: str
    filename: str = ""


class Request(Model):
    """One request, by username and reference. Instants are UTC.

    An address carries `address`, `effective_on` and its `proof` (None: it will be brought to the office); an error
    carries what it is `about` and a `message`. `answer` is the office's, for the family to read.
    """

    username: str
    id: str
    kind: RequestKind
    state: RequestState = RequestState.PENDING
    asked_at: datetime

    address: Address | None = None
    effective_on: date | None = None
    proof: Proof | None = None

    about: str = ""
    message: str = ""

    answer: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""

    @property
    def pending(self) -> bool:
        return self.state is RequestState.PENDING

    def ended(self, state: RequestState, *, at: datetime, by: str, answer: str = "") -> "Request":
        """Returns the same request, decided and without its proof, which is no longer needed."""
        return self.model_copy(
            update={"state": state, "decided_at": at, "decided_by": by, "answer": answer, "proof": None}
        )


def new_reference(kind: RequestKind, day: date) -> str:
    """Returns « A-260610-K7QX2M »: the kind, the day in the town, and six random characters."""
    suffix = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
    return f"{kind}-{day:%y%m%d}-{suffix}"
