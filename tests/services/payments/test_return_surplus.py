"""A surplus given back otherwise than by card: never more than it, once, and its alarms end with it."""

from datetime import date

import pytest

from chalicelib.domain.ledger import EntryKind, total
from chalicelib.domain.payment import Alarm
from chalicelib.errors import MoneyRefused, NotFound, Unavailable
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.return_surplus import SurplusReturn, return_surplus
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, clock_at_noon, notice
from tests.support.people import invoice

CLOCK = clock_at_noon()
TODAY = date(2026, 6, 10)
REFERENCE = "AAAAAA-BBBBBB"


def paid_twice():
    """57,00 € to pay and 114,00 € received: the second payment is a surplus."""
    stores = memory_stores(invoices=[invoice()], attempts=[attempt()])
    for transaction in ("83", "84"):
        settle_notice(notice(transaction=transaction), known_source=True, stores=stores, clock=CLOCK)
    return stores


def given_back(stores, cents=5700, *, dry_run=False, **changes):
    facts = {"number": "169165", "payment_method": "virement", "reference": "V-118", "returned_on": TODAY}
    asked = SurplusReturn(amount_cents=cents, agent="camille", reason="double", **(facts | changes))
    return return_surplus(asked, stores=stores, clock=CLOCK, dry_run=dry_run)


def figures(stores):
    """The amount paid and the surplus, which the ledger's sum agrees with."""
    held = stores.invoices.find("dupont", "169165")
    assert total(stores.ledger.of("169165")) == (held.paid_cents, held.surplus_cents)
    return held.paid_cents, held.surplus_cents


def alarms(stores):
    return stores.payments.find(REFERENCE).alarms


def test_a_return_is_an_entry_that_says_who_how_when_and_why():
    stores = paid_twice()
    entry = given_back(stores, returned_on=date(2026, 6, 9))
    assert (entry.kind, entry.applied_cents, entry.surplus_cents) == (EntryKind.REFUND, 0, -5700)
    assert (entry.means, entry.reference, entry.agent, entry.note) == ("virement", "V-118", "camille", "double")
    assert (entry.counted_on, entry.booked_at) == (date(2026, 6, 9), CLOCK())
    assert stores.ledger.of("169165")[-1] == entry
    assert figures(stores) == (5700, 0)


def test_the_alarm_stays_until_the_whole_surplus_is_back():
    stores = paid_twice()
    given_back(stores, 700)
    assert (figures(stores), alarms(stores)) == ((5700, 5000), (Alarm.PAID_TWICE,))
    given_back(stores, 5000, reference="V-119")
    assert (figures(stores), alarms(stores)) == ((5700, 0), ())


@pytest.mark.parametrize(
    ("cents", "changes", "reason", "most_cents"),
    [
        (5701, {}, "return_above_surplus", 5700),
        (0, {}, "return_above_surplus", 5700),
        (-1, {}, "return_above_surplus", 5700),
        (5700, {"payment_method": "Carte  Bancaire"}, "returned_by_card", None),
        (5700, {"returned_on": date(2026, 6, 11)}, "returned_in_future", None),
        (5700, {"returned_on": date(2026, 5, 31)}, "returned_before_invoice", None),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_refused_return_says_why_and_writes_nothing(cents, changes, reason, most_cents, dry_run):
    stores = paid_twice()
    with stores.writes.none_expected(), pytest.raises(MoneyRefused) as refusal:
        given_back(stores, cents, dry_run=dry_run, **changes)
    assert (refusal.value.reason, refusal.value.most_cents) == (reason, most_cents)


def test_a_number_of_no_invoice_is_not_found():
    stores = paid_twice()
    with stores.writes.none_expected(), pytest.raises(NotFound):
        given_back(stores, number="999999")


def test_the_first_and_the_last_day_are_accepted():
    stores = paid_twice()
    assert given_back(stores, 1, returned_on=date(2026, 6, 1), reference="1")
    assert given_back(stores, 1, returned_on=TODAY, reference="2")


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"payment_method": "Virement", "reference": "v118"},
        {"payment_method": "VIREMENT ", "reference": "V 118"},
        {"payment_method": "viremént", "returned_on": date(2026, 6, 9)},
    ],
)
def test_the_same_reference_however_typed_is_booked_once(typed):
    stores = paid_twice()
    given_back(stores, 700)
    with stores.writes.none_expected():
        assert given_back(stores, 700, **typed) is None
    assert figures(stores) == (5700, 5000)


def test_the_same_reference_of_another_amount_is_refused_with_the_booked_one():
    stores = paid_twice()
    given_back(stores, 700)
    with pytest.raises(MoneyRefused) as refusal:
        given_back(stores, 701)
    assert (refusal.value.reason, refusal.value.most_cents) == ("other_refund", 700)


@pytest.mark.parametrize("changes", [{"payment_method": "espèces"}, {"reference": "V-119"}])
def test_another_method_or_another_reference_is_another_return(changes):
    stores = paid_twice()
    given_back(stores, 700)
    assert given_back(stores, 700, **changes).amount_cents == -700
    assert figures(stores) == (5700, 4300)


def test_a_dry_run_returns_the_entry_and_writes_nothing():
    stores = paid_twice()
    with stores.writes.none_expected():
        assert given_back(stores, dry_run=True).amount_cents == -5700
    assert (figures(stores), alarms(stores)) == ((5700, 5700), (Alarm.PAID_TWICE,))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("stop", range(2))
def test_a_return_stopped_at_any_write_is_completed_by_typing_it_again(stop, when):
    stores = paid_twice()
    stores.writes.fail_at = {stores.writes.done + stop: when}
    with pytest.raises(Unavailable):
        given_back(stores)
    given_back(stores)
    assert (figures(stores), alarms(stores), len(stores.ledger.items)) == ((5700, 0), (), 3)


def test_a_payment_that_arrives_meanwhile_is_counted_and_the_return_tried_again():
    stores = paid_twice()
    write = stores.money.write

    def overtaken(movement):
        stores.money.write = write
        settle_notice(notice(transaction="85"), known_source=True, stores=stores, clock=CLOCK)
        return write(movement)

    stores.money.write = overtaken
    given_back(stores)
    assert (figures(stores), alarms(stores)) == ((5700, 5700), (Alarm.PAID_TWICE,))
