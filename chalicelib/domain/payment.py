"""Card payment attempts: their states, and the bank's notices. The money itself is in `ledger`.

The bank's result codes and the state changes that a notice makes are in `bank_notice`.
"""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.account import Address, Holder
from chalicelib.domain.bank_number import bank_number
from chalicelib.domain.card_payment.share import Share
from chalicelib.domain.models import Model

ACCEPTED = "00000"
"""The only result code of a payment."""

TEST_AUTHORISATION = "XXXXXX"
"""The authorisation number of Paybox's test platform, which signs with the production key."""

REFERENCE = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)

PAGE_LIFETIME = timedelta(minutes=15)
"""The timeout of Paybox's payment page (PBX_DISPLAY, in seconds on the form)."""

ATTEMPT_LIFETIME = PAGE_LIFETIME + timedelta(minutes=5)
"""After it no new payment is expected: the page has timed out and its notice had time to arrive."""

BANK_RESPONSE_TIMEOUT = timedelta(days=3)
"""After it, a payment still pending at the bank is shown to the régie."""


class AttemptState(StrEnum):
    """The state of an attempt. PAID is final; NEEDS_REVIEW waits for the régie (*à vérifier*)."""

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
    INCOMPLETE = "INCOMPLETE"
    """Announced as paid without the numbers that a payment has: anybody may have it signed on the test platform."""

    CONFIGURATION = "CONFIGURATION"
    ALREADY_PAID = "ALREADY_PAID"
    PAID_TWICE = "PAID_TWICE"
    OVERPAID = "OVERPAID"
    """Part of it exceeded the balance, until the régie refunds or explains it."""


class Notice(Model):
    """The bank's notice about one try: from a verified message, or from a line of its export. Amount in cents."""

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
        """Whether both are about one payment: same transaction number, or same call number where one lacks the first.

        A message and a line of the export about one payment do not always carry both numbers, nor write them alike.
        """
        numbers = ((self.transaction, other.transaction), (self.call, other.call))
        pairs = ((bank_number(mine), bank_number(theirs)) for mine, theirs in numbers)
        return self.accepted and other.accepted and next((a == b for a, b in pairs if a and b), True)

    @property
    def numbered(self) -> bool:
        """Whether it has a number that tells its payment from another."""
        return bool(bank_number(self.transaction) or bank_number(self.call))

    @property
    def complete(self) -> bool:
        """Whether it has all that the bank's own message says of a payment."""
        return bool(bank_number(self.transaction) and self.authorisation)

    @property
    def test(self) -> bool:
        """Whether it comes from the bank's test platform, where no money moves."""
        return self.authorisation.upper() == TEST_AUTHORISATION


class MailState(StrEnum):
    """The state of a mail sent at most once. CLAIMED: a task is sending it, or timed out while sending."""

    CLAIMED = "CLAIMED"
    SENT = "SENT"
    NEEDS_REVIEW = "UNSURE"
    """Unknown whether it was sent: never sent again, shown to the régie."""

    UNDELIVERABLE = "UNDELIVERABLE"
    DROPPED = "DROPPED"
    """Not to be sent: a later payment made it untrue, or the régie has reviewed it."""


MAILS = ("receipt_mail", "refusal_mail")
"""The fields of an attempt that hold the states of its two mails."""

MAILS_TO_REVIEW = frozenset({MailState.NEEDS_REVIEW, MailState.UNDELIVERABLE})
MAIL_CLAIM_TIMEOUT = timedelta(minutes=15)
"""Longer than the task that sends a mail may run: an older claim was left by a task that timed out."""


class Payer(Model):
    """Who pays, as the bank asks; of one of whom nothing may be shown, the e-mail address alone is told."""

    email: str
    holder: Holder = Holder(last_name="")
    address: Address = Address(line_1="", postcode="", town="")
    mobile: str | None = None


class Attempt(Model):
    """One attempt to pay invoices by card, keyed by its reference (PBX_CMD). Amount in cents, instants in UTC.

    `notice` is the one that paid it, or that needs review. `balance_cents` is what was left to pay after it,
    `surplus_cents` its part above the balance, `refunded_cents` what the régie refunded: of all its invoices together.
    `shares` is what it pays of each of several, the first being `invoice_number`; an attempt of one invoice has none.
    `version` grows by one at each change and `written_by` names the writer, so that a write whose response was lost is
    recognised when retried.
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
    shares: tuple[Share, ...] = Field(default=(), exclude_if=lambda shares: not shares)
    version: int = 0
    written_by: str = ""

    @property
    def parts(self) -> tuple[Share, ...]:
        """What it pays of each of its invoices, one or several, in the order in which they were shown."""
        kept = ("invoice_number", "amount_cents", "balance_cents", "surplus_cents")
        return self.shares or (Share(**{name: getattr(self, name) for name in kept}),)

    @property
    def invoice_numbers(self) -> tuple[str, ...]:
        return tuple(part.invoice_number for part in self.parts)

    @property
    def paid(self) -> bool:
        return self.state is AttemptState.PAID

    @property
    def money_needs_review(self) -> bool:
        """*À rapprocher*: whether money may have moved that the ledger does not show."""
        return bool(set(self.alarms) - {Alarm.CONFIGURATION})

    def settled_by(self, notice: Notice) -> bool:
        """Whether this payment of this amount was already counted: the same notice, sent twice or replayed."""
        if not self.paid or self.notice is None or self.notice.amount_cents != notice.amount_cents:
            return False
        return self.notice.same_payment(notice)

    def over(self, now: datetime) -> bool:
        """Whether its page at the bank has timed out."""
        return now >= self.created_at + ATTEMPT_LIFETIME

    def under_way(self, now: datetime) -> bool:
        """Whether the payer may still be paying, or may have paid: the warning before a second payment is started."""
        if self.state in {AttemptState.PENDING, AttemptState.NEEDS_REVIEW}:
            return True
        return self.state in {AttemptState.STARTED, AttemptState.REFUSED} and not self.over(now)

    def needs_review_at(self, now: datetime) -> bool:
        """Whether the régie must review it at this instant."""
        late = self.state is AttemptState.PENDING and now >= self.created_at + BANK_RESPONSE_TIMEOUT
        return late or self.needs_review

    @property
    def needs_review(self) -> bool:
        """Whether the régie must explain something of it: money, or a mail that may not have been sent."""
        mails = {self.receipt_mail, self.refusal_mail}
        return self.money_needs_review or self.state is AttemptState.NEEDS_REVIEW or bool(mails & MAILS_TO_REVIEW)

    @property
    def receipt_due(self) -> bool:
        return self.paid and self.receipt_mail is None

    @property
    def refusal_due(self) -> bool:
        """Whether the refusal mail is due: none after the payer cancelled or abandoned."""
        ended = self.closed_at is not None and self.state in {AttemptState.REFUSED, AttemptState.FAILED}
        return ended and self.refusal_mail is None

    @property
    def open(self) -> bool:
        """Whether a scheduled or asynchronous task has still something to do with it."""
        claimed = MailState.CLAIMED in {self.receipt_mail, self.refusal_mail}
        waiting = not self.paid and self.closed_at is None
        return waiting or claimed or self.receipt_due or self.refusal_due

    def settling(self, parts: tuple[Share, ...]) -> "Attempt":
        """Returns the attempt with what was left to pay, and paid above it, of each invoice; `parts` in its order."""
        left, above = (sum(getattr(part, name) or 0 for part in parts) for name in ("balance_cents", "surplus_cents"))
        facts = {"balance_cents": left, "surplus_cents": above, "shares": parts if self.shares else ()}
        return self.model_copy(update=facts)

    def changed(self, now: datetime, **changes: object) -> "Attempt":
        """Returns the attempt changed, with a new version; itself when nothing changes, so nothing is written."""
        if all(getattr(self, name) == value for name, value in changes.items()):
            return self
        return self.model_copy(update={"changed_at": now, "version": self.version + 1, **changes})
