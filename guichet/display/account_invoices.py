"""Prints the invoices of an account, the newest first, each with its movements of money."""

from collections import defaultdict
from collections.abc import Sequence

from chalicelib.domain.invoice import InvoiceSummary
from chalicelib.domain.ledger import LedgerEntry
from chalicelib.domain.reversal import undone_keys
from chalicelib.formats import euros, short_day
from chalicelib.wording.guide import typeset
from guichet.console import say
from guichet.display.payment_display import ledger_line


def show_invoices(rows: Sequence[InvoiceSummary], entries: Sequence[LedgerEntry]) -> None:
    """Print each invoice with its movements, then the movements of invoices that are no longer listed.

    `rows`: the newest first; `entries`: in the order of their days.
    """
    of_invoice: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        of_invoice[entry.invoice_number].append(entry)
    for row in rows:
        say(typeset(_invoice_line(row)))
        _show_movements(of_invoice.pop(row.number, []))
    for number, some in of_invoice.items():
        say(typeset(f"Facture n° {number}, qui n'est plus dans la liste du compte"))
        _show_movements(some)


def _show_movements(entries: Sequence[LedgerEntry]) -> None:
    undone = undone_keys(entries)
    for entry in entries:
        say(f"  {ledger_line(entry, undone)}")


def _invoice_line(row: InvoiceSummary) -> str:
    """« Facture n° 169165 du 01/06/2026, Cantine : 57,00 €, réglés 20,00 €, à payer 37,00 € avant le 24/06/2026 »."""
    line = f"Facture n° {row.number} du {short_day(row.issued_on)}, {row.label} : {euros(row.billed_cents)}"
    return line + "".join(f", {fact}" for fact in _facts(row))


def _facts(row: InvoiceSummary) -> list[str]:
    if row.cancelled:
        return ["annulée", *_in_favour(row)]
    if row.billed_cents < 0:
        return ["avoir", *_in_favour(row)]
    facts = [f"réglés {euros(row.paid_cents)}"] if row.paid_cents else []
    if row.due:
        how = f"prélevés le {short_day(row.due_on)}" if row.direct_debit else f"avant le {short_day(row.due_on)}"
        facts.append(f"à payer {euros(row.balance_cents)} {how}")
    return [*facts, *_in_favour(row)]


def _in_favour(row: InvoiceSummary) -> list[str]:
    return [f"en faveur de la famille {euros(row.credit_cents)}"] if row.credit_cents else []
