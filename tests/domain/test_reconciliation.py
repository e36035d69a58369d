"""Which card payments an export had to name, and from when the régie is warned that none has."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.reconciliation import LastReconciliation, awaits_reconciliation, days_late

AT = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
LAST = LastReconciliation(reconciled_at=AT, covered_until=date(2026, 6, 10), covered_at=AT)


def entry(day, *, kind=EntryKind.CARD, booked_at=AT - timedelta(hours=1)):
    facts = {"invoice_number": "169165", "username": "dupont", "applied_cents": 5700, "surplus_cents": 0}
    return LedgerEntry(key="card#A#83", kind=kind, counted_on=date(2026, 6, day), booked_at=booked_at, **facts)


@pytest.mark.parametrize(("day", "waits"), [(9, False), (10, False), (11, True)])
def test_an_export_covers_the_payments_up_to_its_last_day(day, waits):
    assert awaits_reconciliation(entry(day), LAST) is waits


def test_of_its_last_day_it_covers_what_was_booked_before_it():
    """An export that is made at noon lacks the afternoon."""
    afternoon = AT + timedelta(hours=3)
    assert awaits_reconciliation(entry(10, booked_at=afternoon), LAST)
    assert not awaits_reconciliation(entry(9, booked_at=afternoon), LAST), "settled late, of a day that is over"


@pytest.mark.parametrize("last", [None, LastReconciliation(reconciled_at=AT)])
def test_without_a_day_nothing_is_covered(last):
    assert awaits_reconciliation(entry(1), last)


@pytest.mark.parametrize("kind", [kind for kind in EntryKind if kind is not EntryKind.CARD])
def test_what_is_no_payment_by_card_waits_for_no_export(kind):
    assert not awaits_reconciliation(entry(30, kind=kind), None)


@pytest.mark.parametrize(
    ("first", "days"),
    [(None, 0), (date(2026, 6, 30), 0), (date(2026, 6, 21), 0), (date(2026, 6, 20), 10), (date(2026, 5, 31), 30)],
)
def test_waiting_is_late_from_the_tenth_day(first, days):
    assert days_late(first, date(2026, 6, 30)) == days
