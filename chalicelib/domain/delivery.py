"""Delivery of a run's invoices: by e-mail or on paper, one outcome per invoice, and the tags of the mails."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.models import Model

BY_OFFICE = "desk"
"""The reason of an outcome that the office settled."""

TAG_SEPARATOR = "_"
"""Separates run and invoice number in a mail's tag: no run's name contains it, and SES accepts it."""


class Outcome(StrEnum):
    """CLAIMED: a worker is sending it, or timed out; the others are the outcomes that the régie reads.

    SENT *envoyée*, PAPER *papier*, NONE *sans envoi*, NEEDS_REVIEW *à vérifier*, FAILED *en échec*.
    """

    CLAIMED = "CLAIMED"
    SENT = "SENT"
    PAPER = "PAPER"
    NONE = "NONE"
    NEEDS_REVIEW = "TO_VERIFY"
    FAILED = "FAILED"


class Feedback(StrEnum):
    """The SES event about a mail that was accepted; BOUNCED is a permanent bounce."""

    DELIVERED = "DELIVERED"
    BOUNCED = "BOUNCED"
    COMPLAINED = "COMPLAINED"


class PortalOnly(StrEnum):
    """Kinds of invoices that the settings may leave on the portal only, without mail or paper."""

    ZERO = "zero"
    CREDIT = "credit"
    DEBIT = "debit"


class Delivery(Model):
    """The delivery of an invoice of a run. Instants are UTC, `cents` is what it bills.

    `owner` is the worker that claimed it. `email` is the recipient: an event about another address is not about this
    family's. `postcode` is that of the address on its document. `reason` is a key of the wording. `late_since`: when
    it was delivered, its run closed already. In the queue of late paper, `owner` is the run that printed it, and
    `complement` the rank of that run's complement, None for its paper batch. `version` grows with each change.
    `together`: the numbers of the account's invoices that its worker was to send in one mail, when there are several.
    """

    run: str
    number: str
    username: str
    cents: int
    outcome: Outcome
    at: datetime
    owner: str = ""
    email: str = ""
    postcode: str = ""
    message_id: str = ""
    reason: str = ""
    feedback: Feedback | None = None
    late_since: datetime | None = None
    complement: int | None = None
    together: tuple[str, ...] = Field(default=(), exclude_if=lambda numbers: not numbers)
    version: int = 0

    @property
    def queued(self) -> bool:
        """Whether it waits for a paper batch other than its run's: by the office, after a bounce or a late retry."""
        came_back = self.feedback in (Feedback.BOUNCED, Feedback.COMPLAINED)
        return came_back or self.reason == BY_OFFICE or self.late_since is not None

    def same_mail(self, other: "Delivery") -> bool:
        """Whether both invoices left in one mail: the same worker claimed both for it."""
        return bool(self.together) and (self.owner, self.together) == (other.owner, other.together)

    @property
    def given_up(self) -> bool:
        """Whether the office settled it as failed, for good: no retry, no event and no other decision changes it."""
        return self.outcome is Outcome.FAILED and self.reason == BY_OFFICE

    def with_outcome(self, outcome: Outcome, at: datetime, **more: object) -> "Delivery":
        """Returns the same delivery, with another outcome since `at`."""
        return self.model_copy(update={"outcome": outcome, "at": at, **more})


class OutcomeRow(NamedTuple):
    """The columns of a delivery that a count needs: a million of them are read faster than whole models."""

    number: str
    outcome: Outcome
    cents: int
    reason: str


class Tally(Model):
    """A number of invoices and their total (cents)."""

    count: int = 0
    cents: int = 0

    def plus(self, cents: int) -> "Tally":
        return Tally(count=self.count + 1, cents=self.cents + cents)


def tally(deliveries: Iterable[Delivery]) -> dict[Outcome, Tally]:
    """Returns counts and amounts by outcome, each outcome once."""
    totals = {outcome: Tally() for outcome in Outcome}
    for one in deliveries:
        totals[one.outcome] = totals[one.outcome].plus(one.cents)
    return totals


def delivery_of(run: str, invoice: Invoice, outcome: Outcome, at: datetime, **more: object) -> Delivery:
    """Returns the delivery of an invoice of a run, for the amount that it bills."""
    fields = {"run": run, "number": invoice.number, "username": invoice.username, "cents": invoice.billed_cents}
    return Delivery.model_validate({**fields, "outcome": outcome, "at": at, **more})


def planned_outcome(invoice: Invoice, account: Account, *, portal_only: Collection[str] = ()) -> tuple[Outcome, str]:
    """Returns how to deliver the invoice (SENT: by e-mail) and why. `portal_only`: kinds left on the portal."""
    if invoice.state is InvoiceState.CANCELLED:
        return Outcome.NONE, "cancelled"
    kind = portal_only_kind(invoice)
    if kind in portal_only:
        return Outcome.NONE, str(kind)
    if account.gets_email:
        return Outcome.SENT, ""
    if account.email_bounced_at:
        return Outcome.PAPER, "bouncing"
    return Outcome.PAPER, "" if account.email else "no-email"


def portal_only_kind(invoice: Invoice) -> PortalOnly | None:
    """Returns the kind that the settings may leave on the portal; None for an invoice to be paid."""
    if invoice.billed_cents == 0:
        return PortalOnly.ZERO
    if invoice.credit_note:
        return PortalOnly.CREDIT
    return PortalOnly.DEBIT if invoice.direct_debit else None


def mail_tag(run: str, number: str) -> str:
    """Returns the tag of a mail, by which SES's events find its invoice, the first one of several."""
    return f"{run}{TAG_SEPARATOR}{number}"


def parse_mail_tag(text: str) -> tuple[str, str] | None:
    """Returns (run, number) of an invoice mail's tag; None for the tag of another mail."""
    run, separator, number = text.partition(TAG_SEPARATOR)
    return (run, number) if separator and run and number else None
