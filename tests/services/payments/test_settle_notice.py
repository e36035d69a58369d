"""Settling: any order, any number of copies, a failure anywhere, and still one payment and one ledger."""

import random

import pytest

from chalicelib.domain.bank_notice import NoticeOutcome, close
from chalicelib.domain.card_payment.share import MOST_INVOICES
from chalicelib.domain.ledger import EntryKind, total
from chalicelib.domain.payment import Alarm, AttemptState
from chalicelib.domain.settlement import Settlement
from chalicelib.errors import Unavailable
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from chalicelib.services.payments.close_day import DayToClose, close_day
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.receive_notice import preview_notice, settle_notice
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import NOON, attempt, clock_at_noon, notice, several
from tests.support.people import invoice

REFUSALS = [notice("00105"), notice("00117"), notice("00030"), notice("99999"), notice("00001")]
PAYMENT, SECOND = notice(), notice(transaction="84")


def till_with(*attempts, **changes):
    return memory_stores(invoices=[invoice(**changes)], attempts=attempts or [attempt()])


def settled(stores, said, *, known_source=True):
    return settle_notice(said, known_source=known_source, stores=stores, clock=clock_at_noon())


def till_of(count):
    invoices, paying = several(count)
    return memory_stores(invoices=invoices, attempts=[paying])


def each(stores):
    """The figures of every invoice, by number: what it bills, what was paid of it and above it, and its entries."""
    held = sorted(stores.invoices.every(), key=lambda one: one.number)
    assert all(total(stores.ledger.of(one.number)) == (one.paid_cents, one.surplus_cents) for one in held)
    return [(one.billed_cents, one.paid_cents, one.surplus_cents) for one in held]


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


def shuffled_story(seed, count=1):
    """Refusals, an acceptance, a late second payment, copies, dead pages and failures, in the order of this seed."""
    dice = random.Random(seed)  # noqa: S311 - a story, not a secret
    stores = till_of(count)
    events = [*REFUSALS, PAYMENT, PAYMENT, SECOND, SECOND, None]
    dice.shuffle(events)
    cents = stores.payments.items["AAAAAA-BBBBBB"].amount_cents
    events = [event and event.model_copy(update={"amount_cents": cents}) for event in events]
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


@pytest.mark.parametrize("count", range(1, MOST_INVOICES + 1))
def test_many_orders_end_in_one_ledger_however_many_invoices_are_paid(count):
    """A thousand orders of a payment of one invoice, fifty of each of several."""
    for seed in range(1000 if count == 1 else 50):
        stores, events = shuffled_story(seed, count)
        for event in events:
            happens(stores, event)
        keys = {"card#AAAAAA-BBBBBB#83", "card#AAAAAA-BBBBBB#84"}
        assert {key for _, key in stores.ledger.items} == keys
        assert len(stores.ledger.items) == 2 * count, seed
        assert all(billed == paid == above for billed, paid, above in each(stores)), seed
        assert stores.payments.items["AAAAAA-BBBBBB"].state is AttemptState.PAID
        assert audit(stores=stores).sound, seed


def meanwhile(stores, dice):
    """Some invoices are paid at the counter, in part or whole, or cancelled, before the bank's notice.

    Returns what each has received, and what it may still receive, by number (cents).
    """
    received, payable = {}, {}
    for one in stores.invoices.every():
        received[one.number], payable[one.number] = 0, one.billed_cents
        fate = dice.choice(["nothing", "paid", "partly", "cancelled"])
        if fate == "cancelled":
            cancel_invoice(Cancellation(one.number, "erreur", "camille"), stores=stores, clock=clock_at_noon())
            payable[one.number] = 0
        elif fate != "nothing":
            received[one.number] = one.billed_cents if fate == "paid" else 1200
            line = Settlement(
                received_on=NOON.date(), number=one.number, amount_cents=received[one.number], means="especes"
            )
            import_settlements([(2, line)], stores=stores, clock=clock_at_noon(), agent="camille")
    return received, payable


@pytest.mark.parametrize("count", range(1, MOST_INVOICES + 1))
def test_what_happened_to_one_invoice_meanwhile_touches_its_share_only(count):
    for seed in range(20):
        dice = random.Random(seed)  # noqa: S311 - a story, not a secret
        stores = till_of(count)
        received, payable = meanwhile(stores, dice)
        shares = {part.invoice_number: part.amount_cents for part in stores.payments.items["AAAAAA-BBBBBB"].parts}
        said = notice(cents=sum(shares.values()))
        stores.writes.fail_at = {stores.writes.done: dice.choice(["before", "after"])}
        for _ in range(3):
            happens(stores, said)
        above = 0
        for one in stores.invoices.every():
            cash = received[one.number] + shares[one.number]
            paid = min(payable[one.number], cash)
            assert (one.paid_cents, one.surplus_cents) == (paid, cash - paid), (seed, one.number)
            above += cash - paid
        held = stores.payments.items["AAAAAA-BBBBBB"]
        assert (held.surplus_cents, held.balance_cents) == (above, 0)
        assert {part.invoice_number: part.surplus_cents for part in held.parts} == {
            one.number: one.surplus_cents for one in stores.invoices.every()
        }
        assert (Alarm.OVERPAID in held.alarms) is bool(above)
        assert audit(stores=stores).sound, seed


def test_payment_of_several_is_one_write_with_one_entry_each():
    stores = till_of(MOST_INVOICES)
    cents = stores.payments.items["AAAAAA-BBBBBB"].amount_cents
    done = settled(stores, notice(cents=cents))
    assert (done.fate, done.surplus_cents, stores.writes.done) == (NoticeOutcome.PAID, 0, 1)
    assert len(stores.ledger.items) == MOST_INVOICES
    assert all(row.paid_cents == row.billed_cents for row in stores.summaries.find("dupont"))
    assert [part.balance_cents for part in done.attempt.parts] == [0] * MOST_INVOICES


def test_share_of_an_invoice_is_no_amount_of_the_whole():
    stores = till_of(2)
    assert settled(stores, notice(cents=5700)).fate is NoticeOutcome.DIFFERENT
    assert not stores.ledger.items


def test_payment_of_several_counted_on_a_closed_day_is_counted_later_as_one():
    stores = till_of(3)
    close_day(DayToClose(NOON.date(), "camille"), stores=stores, clock=clock_at_noon())
    settled(stores, notice(cents=stores.payments.items["AAAAAA-BBBBBB"].amount_cents))
    days = {(entry.counted_on - entry.received_on).days for entry in stores.ledger.every()}
    assert (days, len(stores.ledger.items)) == ({1}, 3)


def test_invoice_of_several_that_is_gone_settles_none_of_them():
    stores = till_of(2)
    del stores.invoices.items["dupont", "169167"]
    done = settled(stores, notice(cents=stores.payments.items["AAAAAA-BBBBBB"].amount_cents))
    assert (done.fate, stores.ledger.items) == (NoticeOutcome.UNKNOWN, {})
