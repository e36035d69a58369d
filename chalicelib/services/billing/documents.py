"""The document of an invoice: drawn once, frozen with its hash, and served as it was first sent."""

from collections.abc import Callable, Sequence

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.invoice import Document, Invoice
from chalicelib.errors import NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.authentication.access_letters import note_printed
from chalicelib.store.documents import DocumentStore, invoice_key
from chalicelib.stores import Stores

Draw = Callable[[Invoice, Account], bytes]
"""Makes the PDF of an invoice addressed to the holder of its account."""


def draw_document(invoice: Invoice, account: Account, *, draw: Draw, stores: Stores, clock: Clock) -> Invoice:
    """Draw and freeze the document of an invoice that has none; safe to repeat: the first one stays.

    A family that never signed in reads its activation code on it: the code lives from this day on.
    Answers the invoice with its document.
    """
    if invoice.document is None:
        key = invoice_key(invoice.number)
        account = note_printed(account, day_in_paris(clock()), accounts=stores.accounts)
        kept = stores.documents.keep(key, draw(invoice, account))
        document = Document(key=key, sha256=kept.sha256, octets=kept.octets, drawn_at=clock())
        invoice = stores.invoices.attach_document(invoice.username, invoice.number, document)
    return invoice


def draw_documents(pairs: Sequence[tuple[str, str]], *, draw: Draw, stores: Stores, clock: Clock) -> list[Invoice]:
    """Draw what is missing for (username, number) pairs and show its size in their accounts' lists.

    Answers the invoices that have a document at the end; a pair without invoice or account is left out.
    """
    invoices = stores.invoices.find_many(pairs)
    accounts = stores.accounts.find_many(sorted({username for username, _ in pairs}))
    drawn = [
        draw_document(invoice, accounts[invoice.username], draw=draw, stores=stores, clock=clock)
        for invoice in invoices.values()
        if invoice.username in accounts
    ]
    show_rows([invoice for invoice in drawn if invoice.visible], stores=stores)
    return drawn


def show_rows(invoices: Sequence[Invoice], *, stores: Stores) -> None:
    """Write the rows of these invoices, and again those whose invoice changed while we wrote.

    A payment writes its invoice and its row together: a row made of an older reading must not stay over it.
    """
    shown = list(invoices)
    while shown:
        for username in sorted({invoice.username for invoice in shown}):
            rows = [invoice.summary for invoice in shown if invoice.username == username]
            stores.summaries.put_rows(username, rows)
        now = stores.invoices.find_many([(invoice.username, invoice.number) for invoice in shown])
        shown = [now[one.number] for one in shown if one.number in now and now[one.number].summary != one.summary]


def read_document(invoice: Invoice, *, documents: DocumentStore) -> bytes:
    """The frozen PDF, byte for byte. Raises NotFound when it is not drawn yet."""
    if invoice.document is None:
        raise NotFound
    return documents.read(invoice.document.key)
