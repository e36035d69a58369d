"""The dependencies that every mailing task shares: stores, mailer, PDF drawing, town, and policy from the settings."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import BinaryIO, Protocol

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Message
from chalicelib.mail.messages import Link
from chalicelib.stores import Stores

THREADS = 8
SLOWEST_TENTHS = 2
"""Tenths of a second that sending a mail takes at most: one task sends THREADS × 10 / 2 mails a second."""


@dataclass(frozen=True)
class Policy:
    """The town's settings. `rate`: mails per second that SES allows; `portal_only`: kinds of invoices never delivered.

    `reminders`: days from the due date, negative before it. `reminder_days`: how late a reminder may still be sent.
    `together`: concurrent executions, which share the rate.
    """

    rate: int = 14
    portal_only: frozenset[str] = frozenset()
    reminders: tuple[int, ...] = ()
    reminder_days: int = 2
    together: int = 1

    @property
    def concurrency(self) -> int:
        """Returns how many concurrent delivery tasks of an execution SES's rate allows."""
        return max(1, ceil(self.rate * SLOWEST_TENTHS / (self.together * THREADS * 10)))

    @property
    def rate_of_each(self) -> float:
        """Returns the mails per second of one task, so that all tasks together stay within the rate.

        One at least: a batch of two hundred must end within its task's timeout, and SES throttles what is too fast.
        """
        return max(1.0, self.rate / (self.together * self.concurrency))


class DrawnPdf(Protocol):
    """A drawn PDF, and the characters missing from its fonts."""

    @property
    def content(self) -> bytes: ...

    @property
    def missing_characters(self) -> str: ...


class Merger(Protocol):
    """The interface of `pdf.format.merger.PDFMerger`: merges documents on a stream."""

    def add(self, content: bytes) -> int: ...

    def close(self) -> None: ...


class Send(Protocol):
    """The signature of `Mailer.send`."""

    def __call__(self, message: Message, *, tag: str = "") -> str: ...


@dataclass(frozen=True)
class MailingContext:
    """Built once by the portal. `paper_link`: account → the signed path that switches it back to paper.

    `payment_link`: invoice → the signed path that pays it without signing in.
    """

    stores: Stores
    clock: Clock
    policy: Policy
    town: Town
    link: Link
    draw: Callable[[Invoice, Account], DrawnPdf]
    bind: Callable[[BinaryIO], Merger]
    send: Send
    paper_link: Callable[[Account], str]
    payment_link: Callable[[Invoice], str]
