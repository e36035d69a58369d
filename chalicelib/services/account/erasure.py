"""Erase one account (GDPR, article 17), keeping what the law keeps: invoices and their documents, for ten years.

By account: a family's children go with its last account only. Safe to repeat after a crash: the account goes last.
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
from chalicelib.store.money import PaymentStore
from chalicelib.stores import Stores

FORGOTTEN = "-"
"""In place of an address that was erased."""


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
        """Invoices whose document is not drawn yet: it names the holder, who will soon be unknown."""
        return [invoice for invoice in self.invoices if invoice.document is None]

    @property
    def unpaid(self) -> list[Invoice]:
        return [invoice for invoice in self.invoices if invoice.balance_cents]

    @property
    def takes_children(self) -> bool:
        return not self.relatives


def plan_erasure(username: str, *, stores: Stores) -> Erasure:
    """What erasing would take and leave; nothing is changed.

    Raises NotFound, or InvoiceAwaitsRun while a run holds an invoice that is still to be drawn for its holder.
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
    """Carry the plan out. `draw` freezes the documents of invoices and answers how many have one now.

    Raises Unavailable, and nothing is erased, when a document that the law keeps cannot be drawn.
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
        forget_address(attempt, payments=stores.payments)
    stores.journal.remove(account.username)
    stores.summaries.remove(account.username)
    if plan.takes_children:
        stores.families.remove(account.family)
    stores.accounts.remove(account.username)


def forget_address(attempt: Attempt, *, payments: PaymentStore) -> None:
    """The payment is kept, for it is an accounting piece; the address its receipt went to is not.

    One that changes at this very moment keeps it until the command is run again.
    """
    changed = {"receipt_email": FORGOTTEN, "version": attempt.version + 1, "written_by": new_token()}
    if attempt.receipt_email != FORGOTTEN:
        payments.replace(attempt, attempt.model_copy(update=changed))
