"""What a quittance says is left to pay: the balance just after it, whatever came since."""

from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.cash_desk.quittance import balance_after
from chalicelib.domain.ledger import COUNTER, LedgerEntry
from chalicelib.domain.movement import apply_effect, cancelled
from chalicelib.domain.settlement import Settlement
from tests.support.people import invoice

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)


def booked(start, *amounts):
    """The entries of these amounts in their order, and the invoice after them."""
    entries, current = [], start
    for n, cents in enumerate(amounts):
        typed = Settlement(received_on=date(2026, 6, 9), number=start.number, amount_cents=cents, means="especes")
        at = NOON + timedelta(minutes=n)
        entry = LedgerEntry.settlement(current, typed, booked_at=at, agent="camille", nth=n + 1, origin=COUNTER)
        entries.append(entry)
        current = apply_effect(current, entry.effect)
    return entries, current


def test_balance_is_that_just_after_the_settlement():
    entries, current = booked(invoice(), 2000, 1000, 5000)
    assert [balance_after(current, entries, entry.key) for entry in entries] == [3700, 2700, 0]


def test_what_other_software_had_counted_is_taken_off():
    entries, current = booked(invoice(paid_cents=700, opening_cents=700), 2000)
    assert balance_after(current, entries, entries[0].key) == 3000


def test_cancelling_the_invoice_later_does_not_change_what_it_said():
    entries, current = booked(invoice(), 2000)
    undone = LedgerEntry.cancellation(
        current, counted_on=date(2026, 6, 11), booked_at=NOON + timedelta(days=1), agent="camille", note="erreur"
    )
    assert balance_after(cancelled(current, reason="erreur"), [*entries, undone], entries[0].key) == 3700


def test_nothing_is_left_to_pay_on_an_invoice_cancelled_before():
    start = cancelled(invoice(), reason="erreur")
    entries, current = booked(start, 2000)
    assert balance_after(current, entries, entries[0].key) == 0
