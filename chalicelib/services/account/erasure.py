"""Erase one account (GDPR, article 17) except what must be kept ten years by law: invoices and their documents.

A family's children are erased with its last account only. Safe to repeat after a crash: the account is deleted last.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Attempt
from chalicelib.domain.request import Request
from chalicelib.errors import InvoiceAwaitsRun, NotFound, Unavailable
from chalicelib.services.account.data_export import payments_of
from chalicelib.services.authentication.hashing import new_token
from chalicelib.services.authentication.sessions import end_sessions
from chalicelib.store.payments import PaymentStore
from chalicelib.stores import Stores

ERASED = "-"
"""Stored in place of an erased e-mail address."""


@dataclass(frozen=True)
class Erasure:
    """What erasing an account will do: `invoices` stay; `relatives` are the family's other accounts."""

    account: Account
    invoices: Sequence[Invoice]
    payments: Sequence[Attempt]
    requests: Sequence[Request]
    relatives: Sequence[str]
    children: int

    @property
    def undrawn(self) -> list[Invoice]:
        """Returns the invoices whose PDF is not drawn yet: it names the holder, who must still be known."""
        return [invoice for invoice in self.invoices if invoice.document is None]

    @property
    def unpaid(self) -> list[Invoice]:
        return [invoice for invoice in self.invoices if invoice.balance_cents]

    @property
    def takes_children(self) -> bool:
        return not self.relatives


def plan_erasure(username: str, *, stores: Stores) -> Erasure:
    """Returns what erasing would delete and keep; nothing is changed.

    Raises NotFound, or InvoiceAwaitsRun while an invoice of a billing run is not published yet.
    """
    account = stores.accounts.find(username)
    if account is None:
        raise NotFound
    invoices = stores.invoices.of(username)
    awaiting = next((invoice for invoice in invoices if not invoice.visible), None)
    if awaiting:
        raise InvoiceAwaitsRun(awaiting.number, awaiting.run)
    relatives = [one for one in stores.accounts.of_family(account.family) if one != username]
    family = stores.families.find(account.family)
    return Erasure(
        account=account,
        invoices=invoices,
        payments=payments_of(username, invoices, payments=stores.payments),
        requests=stores.requests.of(username),
        relatives=relatives,
        children=len(family.children) if family else 0,
    )


def erase_account(plan: Erasure, *, stores: Stores, draw: Callable[[Sequence[Invoice]], int]) -> None:
    """Erase as planned. `draw` draws the missing documents of invoices and returns how many have one now.

    Raises Unavailable, and nothing is erased, when a document that must be kept cannot be drawn.
    """
    account = plan.account
    if plan.undrawn and draw(plan.undrawn) < len(plan.undrawn):
        raise Unavailable("documents")
    end_sessions(account.sessions, sessions=stores.sessions)
    for request in plan.requests:
        if request.proof:
            stores.uploads.remove(request.proof.key)
        stores.requests.remove(request)
    for attempt in plan.payments:
        erase_receipt_email(attempt, payments=stores.payments)
    stores.journal.remove(account.username)
    stores.summaries.remove(account.username)
    if plan.takes_children:
        stores.families.remove(account.family)
    stores.accounts.remove(account.username)


def erase_receipt_email(attempt: Attempt, *, payments: PaymentStore) -> None:
    """Erase the e-mail address of a payment's receipt; the payment itself is an accounting record and is kept.

    On a concurrent write the address stays until the command is run again.
    """
    changed = {"receipt_email": ERASED, "version": attempt.version + 1, "written_by": new_token()}
    if attempt.receipt_email != ERASED:
        payments.replace(attempt, attempt.model_copy(update=changed))
