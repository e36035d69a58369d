"""What a family asks of the desk: a new address with its proof, an error to mend; and what became of it."""

import re
import secrets
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.account import Address
from chalicelib.domain.models import Model

ID = re.compile(r"[AS]-\d{6}-[A-HJ-NP-Z2-9]{6}", re.ASCII)
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1: references are read out on the telephone."""


class RequestKind(StrEnum):
    """The letter that its references begin with: *adresse* or *signalement*."""

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
    """*Justificatif*: where our copy stands, under a name of ours; `filename` is what the family called it."""

    key: str
    extension: str
    octets: int
    sha256: str
    filename: str = ""


class Request(Model):
    """One request, by username and reference. Instants are UTC.

    An address carries `address`, `effective_on` and its `proof` (None: it will be brought to the counter); an error
    carries what it is `about` and a `message`. `answer` is the desk's, for the family to read.
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
        """The same request, decided; its proof is forgotten with the need for it."""
        return self.model_copy(
            update={"state": state, "decided_at": at, "decided_by": by, "answer": answer, "proof": None}
        )


def new_reference(kind: RequestKind, day: date) -> str:
    """« A-260610-K7QX2M »: the kind, the day in the town, and six signs drawn at random."""
    drawn = "".join(secrets.choice(SIGNS) for _ in range(6))
    return f"{kind}-{day:%y%m%d}-{drawn}"
