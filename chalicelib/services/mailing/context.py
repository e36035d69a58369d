"""What every task of a mailing works with: its stores, its way out, the town, and what the settings allow."""

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
"""A mail takes at most some two tenths of a second: with its threads, one task sends THREADS × 10 / 2 a second."""


@dataclass(frozen=True)
class Policy:
    """What the town chose. `rate`: mails a second that SES grants; `kept`: invoices that stay on the portal.

    `reminders`: days from the due date, negative before it. `reminder_days`: how late a reminder may still leave.
    `together`: executions under way at once, which share the rate.
    """

    rate: int = 14
    kept: frozenset[str] = frozenset()
    reminders: tuple[int, ...] = ()
    reminder_days: int = 2
    together: int = 1

    @property
    def concurrency(self) -> int:
        """How many delivering tasks of an execution SES's rate can feed."""
        return max(1, ceil(self.rate * SLOWEST_TENTHS / (self.together * THREADS * 10)))

    @property
    def rate_of_each(self) -> float:
        """Mails a second of one task, all of them together staying within the rate.

        One at least: a batch of two hundred must end inside its task's time, and SES says itself when it is too fast.
        """
        return max(1.0, self.rate / (self.together * self.concurrency))


class Drawn(Protocol):
    """A PDF, and the characters it could not draw."""

    @property
    def content(self) -> bytes: ...

    @property
    def missing_characters(self) -> str: ...


class Binder(Protocol):
    """`pdf.binding.Binder`: many documents as one, on a stream."""

    def add(self, content: bytes) -> int: ...

    def close(self) -> None: ...


class Send(Protocol):
    """`Mailer.send`."""

    def __call__(self, message: Message, *, tag: str = "") -> str: ...


@dataclass(frozen=True)
class MailingContext:
    """Wired once by the portal. `paper_link`: the signed path back to paper of an account."""

    stores: Stores
    clock: Clock
    policy: Policy
    town: Town
    link: Link
    draw: Callable[[Invoice, Account], Drawn]
    bind: Callable[[BinaryIO], Binder]
    send: Send
    paper_link: Callable[[Account], str]
