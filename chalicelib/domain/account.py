"""A family account: who pays, how to reach them, and how their invoices are delivered."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.country import FRANCE, UNKNOWN, country_name
from chalicelib.domain.models import Model

USERNAME = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
"""The characters and length of a username (*identifiant*)."""


FORMER_EMAIL_LASTS = timedelta(hours=72)
"""A week-end, for whoever finds in a mailbox that an address was changed without being asked."""


class DeliveryMode(StrEnum):
    """*Mode de réception* of invoices."""

    EMAIL = "EMAIL"
    PAPER = "PAPER"


class Holder(Model):
    """The adult who holds the account (civilité, nom, prénom)."""

    civility: str = ""
    last_name: str
    first_name: str = ""

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.civility, self.first_name, self.last_name) if part)


class Address(Model):
    """A postal address, as it is printed.

    `country`: two letters (ISO 3166-1); UNKNOWN where nobody said and nothing tells. France, overseas included, is not
    stored: an address stored before there were others has none.
    """

    line_1: str
    line_2: str = ""
    postcode: str
    town: str
    country: str = Field(default=FRANCE, exclude_if=lambda country: country == FRANCE)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the envelope below the name; abroad, the last one is the country in capitals (NF Z10-011)."""
        place = f"{self.postcode} {self.town}".strip()
        return tuple(line for line in (self.line_1, self.line_2, place, self.country_line) if line)

    @property
    def country_line(self) -> str:
        """The country in capitals; "" in France, and where the country is not known."""
        return "" if self.country == FRANCE else country_name(self.country).upper()

    def completed_by(self, stored: "Address") -> "Address":
        """Returns `stored` where this address, of a country not known, may be the same: the town's file is not asked
        twice for what it said once, and a spreadsheet removes the zero before a postcode.
        """
        same = {self.postcode, f"0{self.postcode}"} >= {stored.postcode} and self.country == UNKNOWN
        wanted = stored.model_copy(update={"postcode": self.postcode, "country": UNKNOWN})
        return stored if same and wanted == self else self


class Account(Model):
    """One family account, keyed by its username (*identifiant*).

    `quotient_cents` is the *quotient familial* in cents. `changed_by_parent` names the fields that a later import
    must not overwrite. An account is *opened* once it has a password; before, only its activation code signs it in.
    `sessions` lists its open sessions (hash of the token → absolute end), so that all can be ended at once without
    asking an index that may lag. `version` grows with each change and is the condition of the next.

    `email_pending` was asked for by the parent and is not used until its link is followed. `next_address` was accepted
    by the office and counts from `moves_on`, a day kept afterwards: `as_of` gives the address of a day.
    `reminders_held_until`: the office sends it no reminder up to that day.

    `left_emails` are addresses that the parent left, with the UTC instant: whoever reads them is warned, and may undo
    the change, for 72 hours (`former_emails`). `email_undone` is the digest of the link that did, good for a repetition
    until an address is asked for or a password chosen.
    """

    username: str
    family: str
    holder: Holder
    address: Address
    email: str | None = None
    mobile: str | None = None
    landline: str | None = None
    delivery_mode: DeliveryMode = DeliveryMode.PAPER
    quotient_cents: int | None = None
    direct_debit: bool = False

    password_hash: str | None = None
    password_set_at: datetime | None = None
    activation_generation: int = 1
    activation_printed_on: date | None = None

    email_bounced_at: datetime | None = None
    email_pending: str | None = None
    email_pending_until: datetime | None = None
    left_emails: dict[str, datetime] | None = None
    email_undone: str | None = None
    next_address: Address | None = None
    moves_on: date | None = None
    changed_by_parent: tuple[str, ...] = ()
    changed_at: datetime | None = None
    reminders_held_until: date | None = None
    sessions: dict[str, datetime] = Field(default_factory=dict)
    version: int = 0

    @property
    def opened(self) -> bool:
        return self.password_hash is not None

    @property
    def gets_email(self) -> bool:
        """Whether invoices go by e-mail: the family chose it, and its address is known and does not bounce."""
        return self.delivery_mode is DeliveryMode.EMAIL and bool(self.email) and self.email_bounced_at is None

    def reminders_held(self, day: date) -> bool:
        """Whether the office holds this family's reminders back on that day."""
        return self.reminders_held_until is not None and day <= self.reminders_held_until

    def as_of(self, day: date) -> "Account":
        """Returns the account as it is on that day in the town: an accepted address counts from its own date."""
        if self.next_address is None or self.moves_on is None or day < self.moves_on:
            return self
        return self.model_copy(update={"address": self.next_address, "next_address": None})

    def awaited_email(self, now: datetime) -> str | None:
        """Returns the address to be confirmed whose link is still valid and was not followed yet; else None."""
        return self.email_pending if self.email_pending_until and now < self.email_pending_until else None

    def without_pending_email(self) -> "Account":
        """Returns the account without the address to be confirmed, whose link becomes worthless."""
        return self.model_copy(update={"email_pending": None, "email_pending_until": None, "email_undone": None})

    def former_emails(self, now: datetime) -> dict[str, datetime]:
        """Returns the addresses left less than 72 hours ago, with the UTC instant."""
        left = self.left_emails or {}
        return {email: left_at for email, left_at in left.items() if now - left_at < FORMER_EMAIL_LASTS}

    def leaving_email(self, email: str | None, now: datetime) -> "Account":
        """Returns the account with this address, or none, in place of its own, which is a former one from now on.

        Going back to a former address is no change to warn about: the address in between is not kept.
        """
        former = self.former_emails(now)
        if email in former:
            left = {one: left_at for one, left_at in former.items() if one != email}
        else:
            left = former | ({self.email: now} if self.email and self.email != email else {})
        return self.model_copy(update={"email": email, "left_emails": left or None})
