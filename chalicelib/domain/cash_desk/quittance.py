"""A *quittance*: what the régie gives for money received at the counter, numbered in a series of its own."""

from datetime import date

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.ledger import LedgerEntry, balance_on
from chalicelib.domain.models import Model


class QuittanceEntry(Model):
    """How a quittance's number leads to its ledger entry, which names nobody: its invoice, and its key there."""

    number: int
    invoice_number: str
    entry: str


class Quittance(Model):
    """What a quittance states: amounts in cents, `received_on` the day the money came.

    `number` is its own, in the régie's series. `payer` is who paid, `method` a PaymentMethod, `reference` the cheque's
    number or what was typed. `balance_cents`: left to pay just after it; `surplus_cents`: the part above the balance.
    """

    number: int
    invoice_number: str
    invoice_label: str
    username: str
    payer: str
    amount_cents: int
    surplus_cents: int
    balance_cents: int
    method: str
    reference: str
    received_on: date


def balance_after(invoice: Invoice, entries: list[LedgerEntry], key: str) -> int:
    """Returns what was left to pay just after the entry of this key, in cents; `entries`: in the order of booking."""
    place = next(n for n, entry in enumerate(entries) if entry.key == key)
    return balance_on(invoice, invoice.issued_on, entries[place + 1 :])
