"""Quittances of what an agent typed: numbered without gaps or duplicates, drawn once, then only as duplicates."""

from collections.abc import Callable

from chalicelib.domain.cash_desk.quittance import Quittance, balance_after
from chalicelib.domain.ledger import COUNTER, LedgerEntry
from chalicelib.domain.payment_method import method_read
from chalicelib.domain.reversal import undone_keys
from chalicelib.errors import NotFound
from chalicelib.store.documents import DocumentStore
from chalicelib.store.retry import Wait, retry
from chalicelib.stores import Stores

Draw = Callable[[Quittance], bytes]
"""Returns the PDF (bytes) of a quittance."""

MOST_TRIES = 12
"""Several counters number at once, and each round lets one through."""


def quittance_key(number: int) -> str:
    """Returns the S3 key of a quittance's PDF."""
    return f"quittances/{number}.pdf"


def number_quittance(entry: LedgerEntry, *, stores: Stores, wait: Wait | None = None) -> LedgerEntry:
    """Returns the entry with its quittance's number, given now if it had none.

    Number and entry are written in one transaction: no number is skipped, or given twice. Raises NotFound for an entry
    that was not typed at the counter, or was undone since; Unavailable after too many conflicts on the next number.
    """

    def once() -> LedgerEntry | None:
        """Returns None when the next number was taken in between."""
        entries = stores.ledger.of(entry.invoice_number)
        current = next((one for one in entries if one.key == entry.key), None)
        if current is None or current.origin != COUNTER:
            raise NotFound
        if current.quittance is not None:
            return current
        if current.key in undone_keys(entries):
            raise NotFound
        number = stores.quittances.last() + 1
        given = stores.quittances.give(current, number)
        return current.model_copy(update={"quittance": number}) if given else None

    return once() or retry(
        once, what="ledger: quittance numbers taken by others", wait=wait or stores.money.wait, most=MOST_TRIES
    )


def quittance_of(entry: LedgerEntry, *, stores: Stores) -> Quittance:
    """Returns the quittance of a numbered entry. Raises NotFound without a number, or once its invoice was purged."""
    invoice = stores.invoices.find(entry.username, entry.invoice_number)
    if invoice is None or entry.quittance is None:
        raise NotFound
    return Quittance(
        number=entry.quittance,
        invoice_number=invoice.number,
        invoice_label=invoice.label,
        username=entry.username,
        payer=entry.payer,
        amount_cents=entry.amount_cents,
        surplus_cents=entry.surplus_cents,
        balance_cents=balance_after(invoice, stores.ledger.of(invoice.number), entry.key),
        method=method_read(entry.means),
        reference=entry.reference,
        received_on=entry.day,
    )


def find_quittance(number: int, *, stores: Stores) -> tuple[Quittance, bool]:
    """Returns a quittance by its number, and whether what it states was undone since. Raises NotFound."""
    named = stores.quittances.find(number)
    if named is None:
        raise NotFound
    entries = stores.ledger.of(named.invoice_number)
    entry = next((one for one in entries if one.key == named.entry), None)
    if entry is None:
        raise NotFound
    return quittance_of(entry, stores=stores), entry.key in undone_keys(entries)


def keep_quittance(quittance: Quittance, *, draw: Draw, documents: DocumentStore) -> tuple[bytes, bool]:
    """Returns the PDF of a quittance as first drawn, and whether this call drew it; from then on the same bytes."""
    key = quittance_key(quittance.number)
    try:
        return documents.read(key), False
    except NotFound:
        drawn = draw(quittance)
    first = documents.keep(key, drawn).first
    return (drawn if first else documents.read(key)), first
