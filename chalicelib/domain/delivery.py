"""The one outcome of each invoice of a run, and how an invoice reaches its family."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.domain.models import Model

BY_OFFICE = "desk"
"""The reason of an outcome that the desk settled."""

JOINT = "_"
"""Parts a run's name from an invoice's number in a mail's tag: neither can hold it, and SES takes it."""


class Outcome(StrEnum):
    """CLAIMED: a worker is at it, or died at it; the others are the outcomes that the régie reads.

    SENT *envoyée*, PAPER *papier*, NONE *sans envoi*, NEEDS_REVIEW *à vérifier*, FAILED *en échec*.
    """

    CLAIMED = "CLAIMED"
    SENT = "SENT"
    PAPER = "PAPER"
    NONE = "NONE"
    NEEDS_REVIEW = "TO_VERIFY"
    FAILED = "FAILED"


class Feedback(StrEnum):
    """What the provider said of a mail after it took it; BOUNCED is for good."""

    DELIVERED = "DELIVERED"
    BOUNCED = "BOUNCED"
    COMPLAINED = "COMPLAINED"


class Kept(StrEnum):
    """Invoices that the settings may keep on the portal, without mail or paper."""

    ZERO = "zero"
    CREDIT = "credit"
    DEBIT = "debit"


class Delivery(Model):
    """What became of an invoice of a run. Instants are UTC, `cents` is what it bills.

    `owner` is the worker that claimed it. `email` is where the mail went: an event about another address is not about
    this family's. `postcode` is that of the address on its document. `reason` is a key of the wording. `version` grows
    with each change.
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
    version: int = 0

    @property
    def queued(self) -> bool:
        """Its paper joins the next batch that is printed, whichever run's: the desk or the provider sent it there."""
        return self.reason == BY_OFFICE or self.feedback in (Feedback.BOUNCED, Feedback.COMPLAINED)

    def turned(self, outcome: Outcome, at: datetime, **more: object) -> "Delivery":
        """The same invoice, with another outcome since `at`."""
        return self.model_copy(update={"outcome": outcome, "at": at, **more})


class OutcomeRow(NamedTuple):
    """What a count needs of a delivery: a million of them are read faster so."""

    number: str
    outcome: Outcome
    cents: int
    reason: str


class Tally(Model):
    """How many invoices, and for how much in all (cents)."""

    count: int = 0
    cents: int = 0

    def plus(self, cents: int) -> "Tally":
        return Tally(count=self.count + 1, cents=self.cents + cents)


def tally(deliveries: Iterable[Delivery]) -> dict[Outcome, Tally]:
    """Counts and amounts by outcome, each outcome once."""
    totals = {outcome: Tally() for outcome in Outcome}
    for one in deliveries:
        totals[one.outcome] = totals[one.outcome].plus(one.cents)
    return totals


def delivery_of(run: str, invoice: Invoice, outcome: Outcome, at: datetime, **more: str) -> Delivery:
    """The delivery of an invoice of a run, for all that it bills."""
    named = {"run": run, "number": invoice.number, "username": invoice.username, "cents": invoice.billed_cents}
    return Delivery.model_validate({**named, "outcome": outcome, "at": at, **more})


def way_of(invoice: Invoice, account: Account, *, kept: Collection[str] = ()) -> tuple[Outcome, str]:
    """How the invoice is to leave, SENT meaning by mail, and why. `kept`: what the settings keep on the portal."""
    if invoice.state is InvoiceState.CANCELLED:
        return Outcome.NONE, "cancelled"
    kind = kind_of(invoice)
    if kind in kept:
        return Outcome.NONE, str(kind)
    if account.gets_email:
        return Outcome.SENT, ""
    if account.email_bounced_at:
        return Outcome.PAPER, "bouncing"
    return Outcome.PAPER, "" if account.email else "no-email"


def kind_of(invoice: Invoice) -> Kept | None:
    """What makes it special; None for an invoice that waits for money."""
    if invoice.billed_cents == 0:
        return Kept.ZERO
    if invoice.credit_note:
        return Kept.CREDIT
    return Kept.DEBIT if invoice.direct_debit else None


def tag(run: str, number: str) -> str:
    """What a mail carries so that the provider's events find its invoice."""
    return f"{run}{JOINT}{number}"


def untag(text: str) -> tuple[str, str] | None:
    """(run, number) of a tag of ours; None for the tag of another mail."""
    run, joint, number = text.rpartition(JOINT)
    return (run, number) if joint and run and number else None
