"""E-mails to a family about its own account: one model per mail, named like its templates."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from chalicelib.domain.account import Address
from chalicelib.domain.models import Model


class AccountMailBase(Model):
    """One mail to one address about one account; instants are UTC."""

    to: str
    username: str


class PasswordChanged(AccountMailBase):
    """Security notification: a family learns of a change that it did not make."""

    message: Literal["password_changed"] = "password_changed"
    at: datetime


class AccountOpened(AccountMailBase):
    """A first password was chosen; the activation code is no longer valid."""

    message: Literal["account_opened"] = "account_opened"
    at: datetime


class ConfirmEmail(AccountMailBase):
    """To the new address, with its confirmation link: `token` is valid until `ends_at`."""

    message: Literal["confirm_email"] = "confirm_email"
    token: str
    ends_at: datetime


class EmailAsked(AccountMailBase):
    """To the address in use, which does not learn the new one: a mailbox may be shared with somebody else.

    `undo`, here and below: the signed path of « Ce n'est pas moi »; empty in what an earlier version started.
    """

    message: Literal["email_asked"] = "email_asked"
    at: datetime
    undo: str = ""


class EmailChanged(AccountMailBase):
    """To the old address and to the new one. `here`: this mailbox is the one used from now on."""

    message: Literal["email_changed"] = "email_changed"
    at: datetime
    here: bool
    undo: str = ""


class EmailRemoved(AccountMailBase):
    """To the address that is no longer used; `by_paper`: invoices went there, and go by post from now on."""

    message: Literal["email_removed"] = "email_removed"
    at: datetime
    by_paper: bool
    undo: str = ""


class EmailUndone(AccountMailBase):
    """To the address that stays or came back: « Ce n'est pas moi » was pressed. `token` chooses a password."""

    message: Literal["email_undone"] = "email_undone"
    at: datetime
    token: str
    ends_at: datetime


class AddressDeclared(AccountMailBase):
    """The dated receipt of a declared address. `proof`: what the family called its file; empty: it will bring it."""

    message: Literal["address_declared"] = "address_declared"
    reference: str
    at: datetime
    address: Address
    effective_on: date
    proof: str


class AddressAccepted(AccountMailBase):
    """The office accepted; invoices drawn from `effective_on` on carry the address."""

    message: Literal["address_accepted"] = "address_accepted"
    reference: str
    address: Address
    effective_on: date


class AddressRefused(AccountMailBase):
    """The office refused, and why."""

    message: Literal["address_refused"] = "address_refused"
    reference: str
    address: Address
    reason: str


class ErrorClosed(AccountMailBase):
    """The office's answer to a reported error."""

    message: Literal["error_closed"] = "error_closed"
    reference: str
    asked_at: datetime
    answer: str


class DeliveryChanged(AccountMailBase):
    """How the next invoices arrive: here, or by post to `address`."""

    message: Literal["delivery_changed"] = "delivery_changed"
    at: datetime
    by_email: bool
    address: Address


class AccessRenewed(AccountMailBase):
    """The office printed a new access letter: the old password is no longer valid."""

    message: Literal["access_renewed"] = "access_renewed"
    at: datetime


AccountMail = Annotated[
    PasswordChanged
    | AccountOpened
    | ConfirmEmail
    | EmailAsked
    | EmailChanged
    | EmailRemoved
    | EmailUndone
    | AddressDeclared
    | AddressAccepted
    | AddressRefused
    | ErrorClosed
    | DeliveryChanged
    | AccessRenewed,
    Field(discriminator="message"),
]
ACCOUNT_MAIL: TypeAdapter[AccountMail] = TypeAdapter(AccountMail)
"""Parses what `model_dump(mode="json")` wrote, in the Lambda task that sends the mail."""
