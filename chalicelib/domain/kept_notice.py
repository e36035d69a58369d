"""An authentic message of the bank as it is kept: raw, before anything is done with it, and what was made of it."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.models import Model
from chalicelib.domain.payment import Notice


class Fate(StrEnum):
    """What a message, or a line of the bank's export, came to."""

    PAID = "PAID"
    """The first payment of its attempt: booked."""

    PAID_AGAIN = "PAID_AGAIN"
    """One more payment of an attempt that was paid already: booked above the balance, and shown to the régie."""

    MOVED = "MOVED"
    """No payment: the attempt is refused, cancelled, pending…"""

    NOTHING_NEW = "NOTHING_NEW"
    HELD = "HELD"
    DIFFERENT = "DIFFERENT"
    """Its amount is not the attempt's: nothing is booked."""

    UNKNOWN = "UNKNOWN"
    """Its reference is none of ours."""

    UNREADABLE = "UNREADABLE"


class KeptNotice(Model):
    """`raw` holds the octets one by one (Latin-1); `notice` is None when they cannot be read.

    `known_source`: it came from one of the bank's addresses. `fate` is None until it was acted upon.
    """

    digest: str
    received_at: datetime
    source: str
    known_source: bool
    raw: str
    notice: Notice | None = None
    fate: Fate | None = None

    @property
    def id(self) -> str:
        """The same message from the same address is kept once a day; from another address it may be believed."""
        return f"{self.digest}~{self.source}"
