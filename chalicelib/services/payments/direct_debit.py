"""Direct debit (*prélèvement*) stopped, refused or begun after an invoice was issued: the invoice follows."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from chalicelib.concurrency import in_batches, in_threads
from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Invoice, InvoiceState
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.store.retry import retry
from chalicelib.stores import Stores


def set_direct_debit(number: str, debited: bool, *, stores: Stores) -> Invoice:
    """Say whether direct debit will collect an invoice, whatever its account says. Returns the invoice as stored.

    Raises NotFound, MoneyRefused (nothing is left to pay), Unavailable.
    """

    def once() -> Invoice | None:
        invoice = stores.invoices.find_by_number(number)
        if invoice is None:
            raise NotFound
        if not invoice.balance_cents:
            raise MoneyRefused("nothing_to_pay")
        return _written(invoice, {"direct_debit": debited, "debit_stopped": None if debited else True}, stores)

    return once() or retry(once, what="invoices: conflicting changes", wait=stores.money.wait)


def follow_accounts(
    accounts: Iterable[Account], *, stores: Stores, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Make the invoices left to pay follow their accounts, as just imported. Returns how many changed.

    An invoice whose debit was refused or stopped stays payable by card. Safe to repeat. Raises Unavailable.
    """
    changed = 0
    for batch in in_batches(accounts):
        debited = {account.username: account.direct_debit for account in batch}
        rows = stores.summaries.find_many([*debited])
        differing = [
            (username, row.number, debited[username])
            for username, some in rows.items()
            for row in some
            if row.due and row.direct_debit is not debited[username]
        ]
        changed += sum(in_threads(partial(_followed, stores=stores), differing))
        progress(len(batch))
    return changed


def follow_prepared(usernames: Sequence[str], *, stores: Stores) -> int:
    """Do the same for the invoices not released yet of accounts whose direct debit changed: no list shows them."""
    changed = 0
    accounts = stores.accounts.find_many(usernames)
    for username, account in accounts.items():
        prepared = [one for one in stores.invoices.of(username) if one.state is InvoiceState.PREPARED]
        changed += sum(_followed((username, one.number, account.direct_debit), stores=stores) for one in prepared)
    return changed


def _followed(wanted: tuple[str, str, bool], *, stores: Stores) -> bool:
    """Write whether an invoice of an account is debited. Returns whether that changed it."""
    username, number, debited = wanted

    def once() -> tuple[bool] | None:
        invoice = stores.invoices.find(username, number)
        if invoice is None or invoice.direct_debit is debited or (debited and invoice.debit_stopped):
            return (False,)
        return (True,) if _written(invoice, {"direct_debit": debited}, stores) else None

    (changed,) = once() or retry(once, what="invoices: conflicting changes", wait=stores.money.wait)
    return changed


def _written(invoice: Invoice, facts: dict[str, bool | None], stores: Stores) -> Invoice | None:
    """Returns the invoice with these facts, None when it changed meanwhile; unchanged ones are not written."""
    after = invoice.model_copy(update=facts)
    return after if after == invoice or stores.money.change_invoice(invoice, after) else None
