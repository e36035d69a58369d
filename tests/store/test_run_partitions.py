"""A run over several keys: evenly, the same way each time, and given back in an order that two stores share."""

from collections import Counter

from chalicelib.domain.invoice import InvoiceState
from chalicelib.store import invoices
from tests.store.test_deliveries import CLAIM
from tests.support.people import invoice

RUN = "2026-06-0123456789"
NUMBERS = [str(number) for number in range(700, 760)]


def test_numbers_that_follow_each_other_fill_every_share_evenly():
    counts = Counter(invoices.shard_of(RUN, f"26{number:08}") for number in range(10_000))
    assert set(counts) == set(invoices.shards_of(RUN))
    assert max(counts.values()) <= 1.1 * min(counts.values())


def test_both_shelves_of_a_run_give_it_back_in_one_order(portal):
    for number in NUMBERS:
        assert portal.stores.invoices.add(invoice(number, run=RUN, state=InvoiceState.PREPARED))
        portal.stores.deliveries.put_first(CLAIM.model_copy(update={"run": RUN, "number": number}))
    expected = sorted(NUMBERS, key=invoices.shard_order)
    assert expected != NUMBERS
    assert [number for _, number in portal.stores.invoices.in_run(RUN)] == expected
    assert [one.number for one in portal.stores.deliveries.of(RUN)] == expected
    assert [one.number for one in portal.stores.deliveries.outcome_rows(RUN)] == expected
    assert portal.stores.invoices.count_in_run(RUN) == len(NUMBERS)
