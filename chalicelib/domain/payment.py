"""A payment by card: the attempt, what the bank says of it, and the states it goes through.

What a notice makes of an attempt is in `decision`; the money itself is in `ledger`.
"""

import base64
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.models import Model

ACCEPTED = "00000"
"""The only code that pays."""

ALREADY_PAID = "00015"
CONFIGURATION_CODES = frozenset({"00006", "00009", "00010", "00011"})
"""Site, subscription, currency or amount that Paybox does not accept: ours to mend, not the payer's."""

TEST_AUTHORISATION = "XXXXXX"
"""What Paybox's test platform, whose key is production's, answers in place of an authorisation."""

REFERENCE = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)
PAGE_LASTS = timedelta(minutes=15)
"""How long Paybox leaves its page to the payer (PBX_DISPLAY, in seconds on the form)."""

ATTEMPT_LASTS = PAGE_LASTS + timedelta(minutes=5)
"""After it no new payment is expected: the page is dead and its notice had time to arrive."""

BANK_ANSWERS_WITHIN = timedelta(days=3)
"""Beyond it, a payment still waiting for the bank is shown to the régie."""


class AttemptState(StrEnum):
    """Where an attempt stands. PAID is the end of it; NEEDS_REVIEW waits for the régie (*à vérifier*)."""

    STARTED = "STARTED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    PENDING = "PENDING"
    NEEDS_REVIEW = "HELD"
    PAID = "PAID"


class Alarm(StrEnum):
    """Why a human must look at an attempt."""

    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"
    UNKNOWN_SOURCE = "UNKNOWN_SOURCE"
    CONFIGURATION = "CONFIGURATION"
    ALREADY_PAID = "ALREADY_PAID"
    PAID_TWICE = "PAID_TWICE"
    OVERPAID = "OVERPAID"
    """Part of it came above the balance, until the régie gives it back or explains it."""


MEANINGS = {
    ACCEPTED: AttemptState.PAID,
    "00001": AttemptState.FAILED,
    "00117": AttemptState.CANCELLED,
    "00030": AttemptState.EXPIRED,
    "99999": AttemptState.PENDING,
    # The bank knows of a payment that we do not: the parent must not be told that nothing was debited.
    ALREADY_PAID: AttemptState.PENDING,
    **dict.fromkeys(CONFIGURATION_CODES, AttemptState.FAILED),
}
"""Manual V8.0, variable E. Any other code, numeric or not, is a refusal."""


class Notice(Model):
    """What the bank says of one try: read from a verified message, or from a line of its export. Amount in cents."""

    reference: str
    amount_cents: int
    code: str
    call: str = ""
    transaction: str = ""
    authorisation: str = ""
    card_ending: str = ""
    country: str = ""
    paid_on: date | None = None

    @property
    def accepted(self) -> bool:
        return self.code == ACCEPTED

    def same_payment(self, other: "Notice") -> bool:
        """Both tell of one movement of money: equal by the bank's transaction, or call where a side lacks the first.

        A message and a line of the export about one payment do not always carry both numbers.
        """
        pairs = ((self.transaction, other.transaction), (self.call, other.call))
        return self.accepted and other.accepted and next((a == b for a, b in pairs if a and b), True)

    @property
    def test(self) -> bool:
        """It comes from the bank's test platform, where no money moves."""
        return self.authorisation == TEST_AUTHORISATION


class MailState(StrEnum):
    """What became of a mail that leaves once at most. CLAIMED: one task is sending it, or died while it did."""

    CLAIMED = "CLAIMED"
    SENT = "SENT"
    NEEDS_REVIEW = "UNSURE"
    """Nobody can tell whether it left: never sent again, shown to the régie."""

    UNDELIVERABLE = "UNDELIVERABLE"
    DROPPED = "DROPPED"
    """Not to be sent: a later payment made it untrue, or the régie has looked at it."""


MAILS = ("receipt_mail", "refusal_mail")
"""The fields of an attempt that say what became of its two mails."""

MAILS_TO_REVIEW = frozenset({MailState.NEEDS_REVIEW, MailState.UNDELIVERABLE})
MAIL_TAKES = timedelta(minutes=15)
"""Longer than the task that sends a mail may run: a claim older than that belongs to nobody any more."""


class Attempt(Model):
    """One try at settling an invoice by card, keyed by its reference (PBX_CMD). Amount in cents, instants in UTC.

    `notice` is what paid it, or what is held. `balance_cents` and `surplus_cents` are what was left to pay after it,
    and what of it came above; `refunded_cents` what the régie gave back. `version` grows by one at each change and
    `written_by` names the writer, so that a write whose answer was lost is told apart from somebody else's.
    """

    reference: str
    invoice_number: str
    username: str
    amount_cents: int = Field(gt=0)
    receipt_email: str
    created_at: datetime
    state: AttemptState = AttemptState.STARTED
    alarms: tuple[Alarm, ...] = ()
    notice: Notice | None = None
    changed_at: datetime | None = None
    paid_at: datetime | None = None
    closed_at: datetime | None = None
    balance_cents: int | None = None
    surplus_cents: int = 0
    refunded_cents: int = 0
    receipt_number: int | None = None
    receipt_mail: MailState | None = None
    refusal_mail: MailState | None = None
    mail_claimed_at: datetime | None = None
    version: int = 0
    written_by: str = ""

    @property
    def paid(self) -> bool:
        return self.state is AttemptState.PAID

    @property
    def money_needs_review(self) -> bool:
        """*À rapprocher*: money may have moved that the ledger does not show."""
        return bool(set(self.alarms) - {Alarm.CONFIGURATION})

    def settled_by(self, notice: Notice) -> bool:
        """This very payment was counted before, of this amount: the same notice, sent twice or replayed."""
        if not self.paid or self.notice is None or self.notice.amount_cents != notice.amount_cents:
            return False
        return self.notice.same_payment(notice)

    def over(self, now: datetime) -> bool:
        """Its page at the bank is closed."""
        return now >= self.created_at + ATTEMPT_LASTS

    def under_way(self, now: datetime) -> bool:
        """The payer may still be paying, or may have paid already: said before a second payment is started."""
        if self.state in {AttemptState.PENDING, AttemptState.NEEDS_REVIEW}:
            return True
        return self.state in {AttemptState.STARTED, AttemptState.REFUSED} and not self.over(now)

    def needs_review_at(self, now: datetime) -> bool:
        """The régie must look at it."""
        late = self.state is AttemptState.PENDING and now >= self.created_at + BANK_ANSWERS_WITHIN
        return late or self.needs_review

    @property
    def needs_review(self) -> bool:
        """Something of it can only be explained by a human: money, or a mail that may not have left."""
        mails = {self.receipt_mail, self.refusal_mail}
        return self.money_needs_review or self.state is AttemptState.NEEDS_REVIEW or bool(mails & MAILS_TO_REVIEW)

    @property
    def receipt_due(self) -> bool:
        return self.paid and self.receipt_mail is None

    @property
    def refusal_due(self) -> bool:
        """It ended refused: one that was cancelled or left by the payer needs no mail to say so."""
        ended = self.closed_at is not None and self.state in {AttemptState.REFUSED, AttemptState.FAILED}
        return ended and self.refusal_mail is None

    @property
    def open(self) -> bool:
        """Time, or a task of ours, has still something to do with it."""
        claimed = MailState.CLAIMED in {self.receipt_mail, self.refusal_mail}
        waiting = not self.paid and self.closed_at is None
        return waiting or claimed or self.receipt_due or self.refusal_due

    def changed(self, now: datetime, **changes: object) -> "Attempt":
        """The attempt with its changes and a new version; the very same when nothing changes, so nothing is written."""
        if all(getattr(self, name) == value for name, value in changes.items()):
            return self
        return self.model_copy(update={"changed_at": now, "version": self.version + 1, **changes})


def after(state: AttemptState, code: str) -> AttemptState:
    """The state that a verified code leads to.

    PAID never changes. NEEDS_REVIEW yields to a payment only: a refusal of an earlier try, arriving late, must not hide
    from the régie a payment that is perhaps genuine.
    """
    meaning = MEANINGS.get(code, AttemptState.REFUSED)
    waiting = state is AttemptState.NEEDS_REVIEW and meaning is not AttemptState.PAID
    return state if state is AttemptState.PAID or waiting else meaning


def new_reference(token: Callable[[int], bytes]) -> str:
    """A reference nobody can guess (120 bits), that can be read aloud: four groups of six letters and digits.

    `token` answers that many random bytes (`secrets.token_bytes`).
    """
    letters = base64.b32encode(token(15)).decode()
    return "-".join(letters[start : start + 6] for start in range(0, 24, 6))
