"""Quittances: numbered without gaps or duplicates, drawn once, found by their number."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from chalicelib.domain.settlement import Settlement
from chalicelib.errors import NotFound, Unavailable
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.quittances import (
    find_quittance,
    keep_quittance,
    number_quittance,
    quittance_key,
    quittance_of,
)
from chalicelib.services.payments.settle_at_counter import settle_at_counter
from chalicelib.services.payments.undo_movement import movement_id, undo_movement
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import clock_at_noon
from tests.support.people import DUPONT, invoice

CLOCK = clock_at_noon()


def typed(cents=2000, reference="0012345", **changes):
    facts = {"received_on": date(2026, 6, 9), "number": "169165", "means": "cheque", "payer": "Mme Roussel"}
    return Settlement(**(facts | {"amount_cents": cents, "reference": reference} | changes))


@pytest.fixture
def stores():
    return memory_stores(accounts=[DUPONT], invoices=[invoice()])


def settle(stores, settlement):
    CLOCK.advance(seconds=1)
    return settle_at_counter(settlement, stores=stores, clock=CLOCK, agent="camille")


def given(stores):
    return sorted(entry.quittance for entry in stores.ledger.every() if entry.quittance)


def test_numbers_follow_each_other_whatever_fails(stores):
    stores.writes.fail_at = {1: "before", 2: "after", 4: "after", 6: "before", 9: "after"}
    for _ in range(4):
        for n in range(6):
            try:
                settle(stores, typed(100 + n, f"C{n}"))
            except Unavailable:
                continue
    assert (given(stores), stores.quittances.last()) == ([1, 2, 3, 4, 5, 6], 6)
    assert len(stores.ledger.items) == 6
    assert audit(stores=stores).sound


def test_counters_that_number_at_once_take_each_their_own(stores):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: settle(stores, typed(100 + n, f"C{n}")), range(8)))
    assert given(stores) == list(range(1, 9))


def test_only_what_was_typed_at_the_counter_is_numbered(stores):
    import_settlements([(2, typed())], stores=stores, clock=CLOCK, agent="camille")
    (entry,) = stores.ledger.of("169165")
    with pytest.raises(NotFound):
        number_quittance(entry, stores=stores)
    with pytest.raises(NotFound):
        quittance_of(entry, stores=stores)
    assert stores.quittances.last() == 0


def test_what_was_undone_before_it_was_numbered_gets_no_number(stores):
    stores.writes.fail_from = 1
    with pytest.raises(Unavailable):
        settle(stores, typed())
    stores.writes.fail_from = None
    (entry,) = stores.ledger.of("169165")
    undo_movement("169165", movement_id(entry), reason="erreur", agent="camille", stores=stores, clock=CLOCK)
    with pytest.raises(NotFound):
        number_quittance(entry, stores=stores)
    assert settle(stores, typed()).line.entry.quittance is None
    assert audit(stores=stores).sound


def test_quittance_states_what_was_received_and_what_was_left_to_pay(stores):
    settle(stores, typed())
    settle(stores, typed(4000, "C2"))
    quittance, undone = find_quittance(1, stores=stores)
    assert (quittance.payer, quittance.amount_cents, quittance.balance_cents) == ("Mme Roussel", 2000, 3700)
    assert (quittance.method, quittance.reference, quittance.received_on) == ("cheque", "0012345", date(2026, 6, 9))
    assert not undone
    second, _ = find_quittance(2, stores=stores)
    assert (second.balance_cents, second.surplus_cents) == (0, 300)


def test_quittance_of_an_undone_movement_says_so_and_keeps_its_number(stores):
    done = settle(stores, typed()).line.entry
    CLOCK.advance(seconds=1)
    undo_movement("169165", movement_id(done), reason="impaye", agent="camille", stores=stores, clock=CLOCK)
    quittance, undone = find_quittance(1, stores=stores)
    assert (quittance.number, quittance.balance_cents, undone) == (1, 3700, True)
    assert settle(stores, typed(2100, "C9")).line.entry.quittance == 2


def test_number_that_was_not_given_leads_nowhere(stores):
    with pytest.raises(NotFound):
        find_quittance(1, stores=stores)


def test_document_is_drawn_once(stores):
    quittance = quittance_of(settle(stores, typed()).line.entry, stores=stores)
    drawings = iter([b"first", b"second"])

    def keep():
        return keep_quittance(quittance, draw=lambda _: next(drawings), documents=stores.documents)

    assert (keep(), keep()) == ((b"first", True), (b"first", False))
    assert stores.documents.items == {quittance_key(1): b"first"}


def test_document_that_another_drew_in_between_is_the_one_that_stays(stores):
    quittance = quittance_of(settle(stores, typed()).line.entry, stores=stores)

    def draw(_):
        stores.documents.keep(quittance_key(1), b"theirs")
        return b"ours"

    assert keep_quittance(quittance, draw=draw, documents=stores.documents) == (b"theirs", False)


def test_audit_finds_gaps_and_what_leads_astray(stores):
    for n in range(3):
        settle(stores, typed(100 + n, f"C{n}"))
    first, second, third = sorted(stores.ledger.items, key=lambda place: stores.ledger.items[place].quittance)
    changed = {"quittance": 3}
    stores.ledger.items[second] = stores.ledger.items[second].model_copy(update=changed)
    del stores.quittances.given[1]
    found = audit(stores=stores)
    assert (found.quittances, found.sound) == ([1, 2, 3], False)
    assert stores.ledger.items[first].quittance == 1
    assert stores.ledger.items[third].quittance == 3
