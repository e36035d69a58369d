"""Invoice PDFs: drawn once, stored unchanged with their SHA-256, and served as first sent."""

from collections.abc import Callable, Sequence

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Document, Invoice
from chalicelib.errors import NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.authentication.access_letters import record_code_printed
from chalicelib.store.documents import DocumentStore, invoice_key
from chalicelib.stores import Stores

Draw = Callable[[Invoice, Account], bytes]
"""Returns the PDF (bytes) of an invoice, addressed to the holder of its account."""


def draw_document(invoice: Invoice, account: Account, *, draw: Draw, stores: Stores, clock: Clock) -> Invoice:
    """Draw and store the PDF of an invoice that has none. Safe to repeat: the first one stays.

    It shows the activation code of a family that never signed in: the code is valid from this day on.
    Returns the invoice with its document.
    """
    if invoice.document is None:
        key = invoice_key(invoice.number)
        account = record_code_printed(account, day_in_paris(clock()), accounts=stores.accounts)
        stored = stores.documents.keep(key, draw(invoice, account))
        document = Document(key=key, sha256=stored.sha256, size_bytes=stored.size_bytes, drawn_at=clock())
        invoice = stores.invoices.attach_document(invoice.username, invoice.number, document)
    return invoice


def draw_documents(pairs: Sequence[tuple[str, str]], *, draw: Draw, stores: Stores, clock: Clock) -> list[Invoice]:
    """Draw the missing PDFs of (username, number) pairs and write their size in the accounts' lists.

    Returns the invoices that have a document in the end; a pair without invoice or account is left out.
    """
    invoices = stores.invoices.find_many(pairs)
    accounts = stores.accounts.find_many(sorted({username for username, _ in pairs}))
    drawn = [
        draw_document(invoice, accounts[invoice.username], draw=draw, stores=stores, clock=clock)
        for invoice in invoices.values()
        if invoice.username in accounts
    ]
    write_rows([invoice for invoice in drawn if invoice.visible], stores=stores)
    return drawn


def write_rows(invoices: Sequence[Invoice], *, stores: Stores) -> None:
    """Write the list rows of these invoices, again for those whose invoice changed meanwhile.

    A payment writes an invoice and its row together: a row built from an older read must not overwrite it.
    """
    to_write = list(invoices)
    while to_write:
        for username in sorted({invoice.username for invoice in to_write}):
            rows = [invoice.summary for invoice in to_write if invoice.username == username]
            stores.summaries.put_rows(username, rows)
        now = stores.invoices.find_many([(invoice.username, invoice.number) for invoice in to_write])
        to_write = [now[one.number] for one in to_write if one.number in now and now[one.number].summary != one.summary]


def read_document(invoice: Invoice, *, documents: DocumentStore) -> bytes:
    """Returns the stored PDF, byte for byte. Raises NotFound when it is not drawn yet."""
    if invoice.document is None:
        raise NotFound
    return documents.read(invoice.document.key)
