"""Loads the demo town as an office would: files by the import services, passwords by the activation service."""

import functools
import io
from collections.abc import Callable, Iterator
from typing import TypeVar

from chalicelib.concurrency import in_batches
from chalicelib.domain.account import Account
from chalicelib.formats import day_in_paris
from chalicelib.importing.accounts import read_accounts
from chalicelib.importing.children import read_children
from chalicelib.importing.invoices import read_invoices
from chalicelib.importing.records import Record
from chalicelib.portal import Portal
from chalicelib.services.account.family_import import import_accounts, import_children
from chalicelib.services.authentication.access_letters import record_code_printed
from chalicelib.services.authentication.activation_code import activation_code
from chalicelib.services.authentication.credentials import set_password
from chalicelib.services.authentication.hashing import PasswordHashing
from chalicelib.services.billing.invoice_import import import_invoices
from local.town.demo import demo_files

PASSWORD = "Portail-Demo-2026"  # noqa: S105 - printed at each start
OPENED = ("100001", "100002", "100003", "100005")
NEVER_OPENED = "100004"
DRAW_BATCH = 200
"""Documents drawn by one task: all of the demo's, so that one core stays free for the first visitor."""

Value = TypeVar("Value")
Read = Callable[[io.BytesIO], Iterator[Record[Value]]]


def load_demo(portal: Portal) -> None:
    """Load the demo town, unless this AWS already has it. Documents are drawn asynchronously. Raises Unavailable."""
    if not is_loaded(portal):
        undrawn = import_files(portal)
        set_demo_passwords(portal)
        issue_activation_code(portal)
        for pairs in in_batches(undrawn, DRAW_BATCH):
            portal.tasks.start("draw_documents", {"invoices": pairs})


def is_loaded(portal: Portal) -> bool:
    """Returns whether the last item that loading writes exists."""
    last = portal.stores.accounts.find(NEVER_OPENED)
    return last is not None and (last.opened or last.activation_printed_on is not None)


def import_files(portal: Portal) -> list[tuple[str, str]]:
    """Import the town's files of today. Returns (username, number) of the invoices whose document is to be drawn."""
    files = demo_files(day_in_paris(portal.clock()))
    given = [account for _, account in parsed_values(read_accounts, files["comptes.csv"])]
    outcome = import_accounts(given, accounts=portal.stores.accounts)
    children = [(line, family, child) for line, (family, child) in parsed_values(read_children, files["enfants.csv"])]
    import_children(children, known=outcome.families, families=portal.stores.families)
    invoices = import_invoices(parsed_values(read_invoices, files["factures.csv"]), stores=portal.stores)
    return invoices.undrawn


def parsed_values(read: "Read[Value]", content: bytes) -> Iterator[tuple[int, Value]]:
    """Yields the records of a file with their lines. Raises ValueError on a bad one: the demo has none."""
    for record in read(io.BytesIO(content)):
        if record.value is None:
            raise ValueError(record.problems)
        yield record.line, record.value


class CachedHashing(PasswordHashing):
    """Password hashing with a cache: hashing the same password four times would be most of the start-up time."""

    hash = functools.cache(PasswordHashing.hash)


def set_demo_passwords(portal: Portal) -> None:
    """Set the demo password on the opened accounts."""
    hashing = CachedHashing(portal.hashing.peppers, portal.hashing.cost)
    for username in OPENED:
        account = get_account(portal, username)
        set_password(
            account,
            PASSWORD,
            hashing=hashing,
            stores=portal.stores,
            clock=portal.clock,
        )


def issue_activation_code(portal: Portal) -> None:
    """Record the activation code of 100004 as printed today: it is valid for 90 days."""
    record_code_printed(
        get_account(portal, NEVER_OPENED), day_in_paris(portal.clock()), accounts=portal.stores.accounts
    )


def demo_code(portal: Portal) -> str | None:
    """Returns 100004's activation code; None once it was used."""
    account = get_account(portal, NEVER_OPENED)
    return None if account.opened else activation_code(account, key=portal.secrets.activation[0])


def get_account(portal: Portal, username: str) -> Account:
    account = portal.stores.accounts.find(username)
    if account is None:
        raise LookupError(username)
    return account
