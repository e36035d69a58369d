"""The invoices of a card payment, one or several, and the alarms of what was paid above them."""

from chalicelib.clock import Clock
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Alarm, Attempt
from chalicelib.errors import NotFound
from chalicelib.stores import Stores

SURPLUS_ALARMS: frozenset[Alarm] = frozenset({Alarm.OVERPAID, Alarm.PAID_TWICE})
"""Alarms that are cleared once the whole surplus is given back."""


def invoices_of(attempt: Attempt, *, stores: Stores) -> list[Invoice]:
    """Returns the invoices of a payment, in its order, read consistently. Raises NotFound when one is gone."""
    found = stores.invoices.find_many([(attempt.username, number) for number in attempt.invoice_numbers])
    if len(found) < len(attempt.invoice_numbers):
        raise NotFound
    return [found[number] for number in attempt.invoice_numbers]


def alarms_without_surplus(attempt: Attempt, settled: str, *, stores: Stores) -> tuple[Alarm, ...]:
    """Returns a payment's alarms once nothing is left above this invoice, `settled`.

    Those of a surplus stay while another invoice of the same payment still has one.
    """
    others = [(attempt.username, number) for number in attempt.invoice_numbers if number != settled]
    if others and any(invoice.surplus_cents for invoice in stores.invoices.find_many(others).values()):
        return attempt.alarms
    return tuple(alarm for alarm in attempt.alarms if alarm not in SURPLUS_ALARMS)


def clear_surplus_alarms(number: str, *, stores: Stores, clock: Clock) -> None:
    """Clear the surplus alarms of an invoice's payments: nothing is left to give back. Safe to repeat."""

    def clear(attempt: Attempt) -> Attempt:
        return attempt.changed(clock(), alarms=alarms_without_surplus(attempt, number, stores=stores))

    for found in stores.payments.of_invoice(number):
        stores.payments.change(found.reference, clear)
