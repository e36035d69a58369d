"""Settling: any order, any number of copies, a failure anywhere, and still one payment and one ledger."""

import random

import pytest

from chalicelib.domain.bank_notice import NoticeOutcome, close
from chalicelib.domain.ledger import EntryKind, total
from chalicelib.domain.payment import Alarm, AttemptState
from chalicelib.errors import Unavailable
from chalicelib.services.payments.receive_notice import preview_notice, settle_notice
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import NOON, attempt, clock_at_noon, notice
from tests.support.people import invoice

REFUSALS = [notice("00105"), notice("00117"), notice("00030"), notice("99999"), notice("00001")]
PAYMENT, SECOND = notice(), notice(transaction="84")


def till_with(*attempts, **changes):
    return memory_stores(invoices=[invoice(**changes)], attempts=attempts or [attempt()])


def settled(stores, said, *, known_source=True):
    return settle_notice(said, known_source=known_source, stores=stores, clock=clock_at_noon())


def figures(stores):
    held = stores.invoices.items["dupont", "169165"]
    return held.paid_cents, held.surplus_cents, total(stores.ledger.of("169165"))


def test_payment_moves_attempt_invoice_row_and_ledger_together():
    stores = till_with()
    done = settled(stores, PAYMENT)
    assert (done.fate, done.alarm, done.surplus_cents) == (NoticeOutcome.PAID, None, 0)
    assert stores.writes.done == 1
    (entry,) = stores.ledger.of("169165")
    assert (entry.kind, entry.amount_cents, entry.transaction, entry.call) == (EntryKind.CARD, 5700, "83", "783")
    assert done.attempt.balance_cents == 0
    assert stores.summaries.find("dupont")[0].paid_cents == 5700


def test_copies_change_nothing_more():
    stores = till_with()
    fates = [settled(stores, PAYMENT).fate for _ in range(3)]
    assert fates == [NoticeOutcome.PAID, NoticeOutcome.NOTHING_NEW, NoticeOutcome.NOTHING_NEW]
    assert stores.writes.done == 1


@pytest.mark.parametrize("known_by", [{"call": ""}, {"transaction": "", "call": "784"}])
def test_second_payment_of_one_attempt_is_a_surplus_once_whichever_number_names_it(known_by):
    stores = till_with()
    settled(stores, PAYMENT)
    assert settled(stores, SECOND).alarm is Alarm.PAID_TWICE
    again = settled(stores, SECOND.model_copy(update=known_by))
    assert (again.fate, again.alarm) == (NoticeOutcome.NOTHING_NEW, None)
    assert figures(stores) == (5700, 5700, (5700, 5700))


def test_third_payment_of_one_attempt_is_kept_too():
    stores = till_with()
    for transaction in ("83", "84", "85"):
        settled(stores, notice(transaction=transaction))
    assert figures(stores) == (5700, 11400, (5700, 11400))


def test_payment_of_a_cancelled_invoice_is_a_surplus():
    stores = till_with(state="CANCELLED")
    assert settled(stores, PAYMENT).surplus_cents == 5700
    assert figures(stores) == (0, 5700, (0, 5700))


def test_part_paid_meanwhile_at_the_counter_leaves_the_rest_as_surplus():
    stores = till_with(paid_cents=2000, opening_cents=2000)
    done = settled(stores, PAYMENT)
    assert (done.surplus_cents, done.attempt.surplus_cents, done.attempt.balance_cents) == (2000, 2000, 0)
    assert done.alarm is Alarm.OVERPAID, "the régie is told"


def test_other_amount_settles_nothing_and_alarms_once():
    stores = till_with()
    wrong = notice(cents=5699)
    assert [settled(stores, wrong).alarm for _ in range(2)] == [Alarm.AMOUNT_DIFFERS, None]
    assert settled(stores, wrong).fate is NoticeOutcome.DIFFERENT
    assert figures(stores) == (0, 0, (0, 0))


def test_known_transaction_of_another_amount_is_different_and_alarms():
    stores = till_with()
    settled(stores, PAYMENT)
    done = settled(stores, notice(cents=5699))
    assert (done.fate, done.alarm) == (NoticeOutcome.DIFFERENT, Alarm.AMOUNT_DIFFERS)
    assert figures(stores) == (5700, 0, (5700, 0))


def test_unknown_source_holds_and_the_export_frees():
    stores = till_with()
    assert settled(stores, PAYMENT, known_source=False).fate is NoticeOutcome.NEEDS_REVIEW
    assert figures(stores) == (0, 0, (0, 0))
    assert settled(stores, PAYMENT).fate is NoticeOutcome.PAID


def test_acceptance_without_authorisation_is_held_with_its_alarm_once_and_the_export_frees():
    stores = till_with()
    forged = notice().model_copy(update={"authorisation": ""})
    first, *others = [settled(stores, forged) for _ in range(50)]
    assert (first.fate, first.alarm) == (NoticeOutcome.NEEDS_REVIEW, Alarm.INCOMPLETE)
    assert {(one.fate, one.alarm) for one in others} == {(NoticeOutcome.NOTHING_NEW, None)}
    assert (figures(stores), stores.writes.done) == ((0, 0, (0, 0)), 1)
    done = settle_notice(forged, known_source=True, from_export=True, stores=stores, clock=clock_at_noon())
    assert (done.fate, figures(stores)) == (NoticeOutcome.PAID, (5700, 0, (5700, 0)))


def test_copy_that_lost_its_numbers_is_no_second_payment_and_no_alarm():
    stores = till_with()
    settled(stores, PAYMENT)
    settled(stores, SECOND)
    for lost in ({"authorisation": ""}, {"transaction": "", "authorisation": ""}, {"transaction": "084"}):
        again = settled(stores, SECOND.model_copy(update=lost))
        assert (again.fate, again.alarm) == (NoticeOutcome.NOTHING_NEW, None)
    assert figures(stores) == (5700, 5700, (5700, 5700))


def test_incomplete_acceptances_in_any_order_end_in_the_same_ledger():
    """Whatever they lack, before, between or after the payments that the bank tells in full."""
    lost = ({"authorisation": ""}, {"transaction": ""}, {"transaction": "", "call": "", "authorisation": ""})
    incomplete = [one.model_copy(update=update) for one in (PAYMENT, SECOND) for update in lost]
    ends = set()
    for seed in range(200):
        dice = random.Random(seed)  # noqa: S311 - a story, not a secret
        events = [PAYMENT, PAYMENT, SECOND, *incomplete, *REFUSALS]
        dice.shuffle(events)
        stores = till_with()
        for event in events:
            settled(stores, event)
        keys = tuple(sorted(key for _, key in stores.ledger.items))
        ends.add((figures(stores), keys, stores.payments.items["AAAAAA-BBBBBB"].state))
    keys = ("card#AAAAAA-BBBBBB#83", "card#AAAAAA-BBBBBB#84")
    assert ends == {((5700, 5700, (5700, 5700)), keys, AttemptState.PAID)}


def test_reference_of_nobody_is_unknown():
    assert settled(till_with(), notice(reference="ELSE")).fate is NoticeOutcome.UNKNOWN


def test_foreseeing_writes_nothing():
    stores = till_with()
    assert preview_notice(PAYMENT, stores=stores, clock=clock_at_noon()).fate is NoticeOutcome.PAID
    assert stores.writes.done == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_failed_write_then_the_notice_again_settles_once(when):
    stores = till_with()
    stores.writes.fail_at = {0: when}
    with pytest.raises(Unavailable):
        settled(stores, PAYMENT)
    settled(stores, PAYMENT)
    assert figures(stores) == (5700, 0, (5700, 0))
    assert len(stores.ledger.items) == 1


def shuffled_story(seed):
    """Refusals, an acceptance, a late second payment, copies, dead pages and failures, in the order of this seed."""
    dice = random.Random(seed)  # noqa: S311 - a story, not a secret
    stores = till_with()
    events = [*REFUSALS, PAYMENT, PAYMENT, SECOND, SECOND, None]
    dice.shuffle(events)
    stores.writes.fail_at = {dice.randrange(8): dice.choice(["before", "after"]) for _ in range(3)}
    return stores, events


def happens(stores, event):
    """A notice, heard until it is settled; None is the clock closing what is dead."""
    if event is None:
        held = stores.payments.items["AAAAAA-BBBBBB"]
        stores.payments.items[held.reference] = close(held, NOON.replace(hour=20))
        return
    try:
        settled(stores, event)
    except Unavailable:
        happens(stores, event)


def test_thousand_orders_end_in_one_ledger():
    ends = set()
    for seed in range(1000):
        stores, events = shuffled_story(seed)
        for event in events:
            happens(stores, event)
        keys = tuple(sorted(key for _, key in stores.ledger.items))
        ends.add((figures(stores), keys, stores.payments.items["AAAAAA-BBBBBB"].state))
    keys = ("card#AAAAAA-BBBBBB#83", "card#AAAAAA-BBBBBB#84")
    assert ends == {((5700, 5700, (5700, 5700)), keys, AttemptState.PAID)}
