"""Settling at the counter: the rules of the file for one line, and a quittance whatever crashes in between."""

from datetime import date

import pytest

from chalicelib.domain.ledger import COUNTER, total
from chalicelib.domain.settlement import Settlement
from chalicelib.errors import Unavailable
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.settle_at_counter import settle_at_counter
from chalicelib.services.payments.settlement_outcome import LineOutcome
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, clock_at_noon, notice
from tests.support.people import DUPONT, invoice

CLOCK = clock_at_noon()


def typed(cents=2000, reference="0012345", day=9, **changes):
    facts = {"received_on": date(2026, 6, day), "number": "169165", "means": "cheque"}
    return Settlement(**(facts | {"amount_cents": cents, "reference": reference} | changes))


@pytest.fixture
def stores():
    return memory_stores(accounts=[DUPONT], invoices=[invoice()], attempts=[attempt()])


@pytest.fixture
def settle(stores):
    def settle(settlement, **options):
        done = settle_at_counter(settlement, stores=stores, clock=CLOCK, agent="camille", **options)
        assert audit(stores=stores).sound
        return done

    return settle


def figures(stores):
    held = stores.invoices.items["dupont", "169165"]
    assert total(stores.ledger.of("169165")) == (held.paid_cents, held.surplus_cents)
    return held.paid_cents, held.surplus_cents


def test_what_is_typed_is_booked_with_who_paid_and_has_a_quittance(settle, stores):
    done = settle(typed(payer="M. Roussel"))
    assert (done.line.outcome, done.new, figures(stores)) == (LineOutcome.BOOKED, True, (2000, 0))
    (entry,) = stores.ledger.of("169165")
    assert entry == done.line.entry
    assert (entry.payer, entry.origin, entry.quittance, entry.agent) == ("M. Roussel", COUNTER, 1, "camille")


def test_without_a_payer_it_is_the_holder(settle):
    assert settle(typed()).line.entry.payer == "Mme Éloïse Dupont"


def test_typed_again_nothing_is_booked_and_no_number_is_taken(settle, stores):
    settle(typed())
    done = settle(typed(reference="CHQ-0012345".removeprefix("CHQ-"), means="especes"))
    assert (done.line.outcome, done.new, done.line.entry.quittance) == (LineOutcome.KNOWN, False, 1)
    assert (figures(stores), stores.quittances.last()) == ((2000, 0), 1)


def test_what_resembles_another_is_held_back_until_told_anyway(settle, stores):
    settle(typed())
    done = settle(typed(reference="0012346"))
    assert (done.line.outcome, done.line.entry) == (LineOutcome.ALIKE, None)
    assert [entry.reference for entry in done.line.alike] == ["0012345"]
    assert stores.quittances.last() == 1
    assert settle(typed(reference="0012346"), anyway=True).line.entry.quittance == 2
    assert figures(stores) == (4000, 0)


def test_card_payment_of_the_portal_is_recognised(settle, stores):
    settle_notice(notice(), known_source=True, stores=stores, clock=CLOCK)
    done = settle(typed(5700, "AAAAAA-BBBBBB", day=10, means="carte"))
    assert (done.line.outcome, figures(stores)) == (LineOutcome.KNOWN_BY_CARD, (5700, 0))
    assert stores.quittances.last() == 0


def test_settlement_of_a_file_is_known_and_has_no_quittance(settle, stores):
    import_settlements([(2, typed())], stores=stores, clock=CLOCK, agent="camille")
    done = settle(typed())
    assert (done.line.outcome, done.line.entry, stores.quittances.last()) == (LineOutcome.KNOWN, None, 0)


def test_settlement_typed_at_the_counter_is_known_in_the_file(settle, stores):
    settle(typed())
    (line,) = import_settlements([(2, typed())], stores=stores, clock=CLOCK, agent="camille").lines
    assert line.outcome is LineOutcome.KNOWN


@pytest.mark.parametrize(
    ("settlement", "outcome"),
    [
        (typed(number="999999"), LineOutcome.NO_INVOICE),
        (typed(day=11), LineOutcome.FUTURE),
        (typed(day=9, reference="AAAAAA-BBBBBB"), LineOutcome.CARD_NOT_SETTLED),
    ],
)
def test_what_is_refused_books_nothing(settle, stores, settlement, outcome):
    assert settle(settlement).line.outcome is outcome
    assert (figures(stores), stores.quittances.last()) == ((0, 0), 0)


def test_dry_run_tells_the_surplus_and_writes_nothing(settle, stores):
    done = settle(typed(6000), dry_run=True)
    assert (done.line.outcome, done.line.surplus_cents, stores.writes.done) == (LineOutcome.BOOKED, 300, 0)


@pytest.mark.parametrize("place", range(2))
@pytest.mark.parametrize("when", ["before", "after"])
def test_repeated_after_a_crash_it_books_once_and_numbers_what_had_no_number(settle, stores, place, when):
    stores.writes.fail_at = {place: when}
    with pytest.raises(Unavailable):
        settle(typed())
    done = settle(typed())
    assert (done.line.entry.quittance, figures(stores), stores.quittances.last()) == (1, (2000, 0), 1)
