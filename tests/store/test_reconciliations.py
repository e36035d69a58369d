"""One contract for the last reconciliation, over DynamoDB as moto has it and over the tests' own fake."""

from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.reconciliation import LastReconciliation

AT = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)
DAY = date(2026, 6, 9)


def test_before_the_first_there_is_none(stores):
    assert stores.reconciliations.last() is None


def test_the_last_one_is_kept_with_the_day_it_covered(stores):
    for _ in range(2):
        stores.reconciliations.keep(AT, DAY)
    assert stores.reconciliations.last() == LastReconciliation(reconciled_at=AT, covered_until=DAY, covered_at=AT)
    stores.reconciliations.keep(LATER, date(2026, 6, 10))
    last = stores.reconciliations.last()
    assert (last.reconciled_at, last.covered_until, last.covered_at) == (LATER, date(2026, 6, 10), LATER)


def test_an_export_of_earlier_days_takes_nothing_back(stores):
    stores.reconciliations.keep(AT, DAY)
    stores.reconciliations.keep(LATER, date(2026, 6, 1))
    assert stores.reconciliations.last() == LastReconciliation(reconciled_at=LATER, covered_until=DAY, covered_at=AT)


def test_an_empty_export_is_a_reconciliation_of_no_day(stores):
    stores.reconciliations.keep(AT, None)
    assert stores.reconciliations.last() == LastReconciliation(reconciled_at=AT)
    stores.reconciliations.keep(AT, DAY)
    stores.reconciliations.keep(LATER, None)
    assert stores.reconciliations.last() == LastReconciliation(reconciled_at=LATER, covered_until=DAY, covered_at=AT)


def test_the_numbers_of_receipts_are_another_item(portal):
    portal.stores.reconciliations.keep(AT, DAY)
    assert portal.stores.counters.last("receipts") == 0
