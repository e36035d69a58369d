"""What the portal tells a family by mail about its own account: one model a message, named like its templates."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from chalicelib.domain.account import Address
from chalicelib.domain.models import Model


class Announcing(Model):
    """One message to one address about one account; instants are UTC."""

    to: str
    username: str


class PasswordChanged(Announcing):
    """So that a family learns of a change that it did not make."""

    message: Literal["password_changed"] = "password_changed"
    at: datetime


class AccountOpened(Announcing):
    """A first password was chosen; the activation code is worth nothing any more."""

    message: Literal["account_opened"] = "account_opened"
    at: datetime


class ConfirmEmail(Announcing):
    """To the new address: `token` proves it until `ends_at`."""

    message: Literal["confirm_email"] = "confirm_email"
    token: str
    ends_at: datetime


class EmailAsked(Announcing):
    """To the address in use, which does not learn the new one: a letterbox may be shared with somebody else."""

    message: Literal["email_asked"] = "email_asked"
    at: datetime


class EmailChanged(Announcing):
    """To the old address and to the new one. `here`: this letterbox is the one used from now on."""

    message: Literal["email_changed"] = "email_changed"
    at: datetime
    here: bool


class EmailRemoved(Announcing):
    """To the address that is no longer used; `by_paper`: invoices went there, and go by post from now on."""

    message: Literal["email_removed"] = "email_removed"
    at: datetime
    by_paper: bool


class AddressDeclared(Announcing):
    """The dated receipt of a declared address. `proof`: what the family called its file; empty: it will bring it."""

    message: Literal["address_declared"] = "address_declared"
    reference: str
    at: datetime
    address: Address
    effective_on: date
    proof: str


class AddressAccepted(Announcing):
    """The desk accepted; invoices made from `effective_on` on carry the address."""

    message: Literal["address_accepted"] = "address_accepted"
    reference: str
    address: Address
    effective_on: date


class AddressRefused(Announcing):
    """The desk refused, and why."""

    message: Literal["address_refused"] = "address_refused"
    reference: str
    address: Address
    reason: str


class ErrorClosed(Announcing):
    """The desk's answer to a reported error."""

    message: Literal["error_closed"] = "error_closed"
    reference: str
    asked_at: datetime
    answer: str


class DeliveryChanged(Announcing):
    """How the next invoices arrive: here, or by post to `address`."""

    message: Literal["delivery_changed"] = "delivery_changed"
    at: datetime
    by_email: bool
    address: Address


class AccessRenewed(Announcing):
    """The desk printed a new access letter: the old password is worth nothing any more."""

    message: Literal["access_renewed"] = "access_renewed"
    at: datetime


AccountMail = Annotated[
    PasswordChanged
    | AccountOpened
    | ConfirmEmail
    | EmailAsked
    | EmailChanged
    | EmailRemoved
    | AddressDeclared
    | AddressAccepted
    | AddressRefused
    | ErrorClosed
    | DeliveryChanged
    | AccessRenewed,
    Field(discriminator="message"),
]
ANNOUNCEMENT: TypeAdapter[AccountMail] = TypeAdapter(AccountMail)
"""Reads what `model_dump(mode="json")` wrote, on the other side of an asynchronous call."""
