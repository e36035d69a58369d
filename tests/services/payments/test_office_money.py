"""What the régie does: gives back never more than was paid, and cancels."""

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.domain.ledger import EntryKind, total
from chalicelib.domain.payment import Alarm
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.refund import Refund, refund
from chalicelib.services.payments.return_surplus import SurplusReturn, return_surplus
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import NOON, attempt, clock_at_noon, notice, several
from tests.support.people import invoice

CLOCK = clock_at_noon()
OTHER = invoice("169167", billed_cents=1200)


def till_with(*said, **changes):
    """A stores with one attempt, and what the bank said of it."""
    stores = memory_stores(invoices=[invoice(**changes), OTHER], attempts=[attempt()])
    for one in said:
        settle_notice(one, known_source=True, stores=stores, clock=CLOCK)
    return stores


def given_back(stores, cents, transaction="900"):
    asked = Refund("AAAAAA-BBBBBB", cents, transaction, agent="camille", reason="double paiement")
    return refund(asked, stores=stores, clock=CLOCK)


def figures(stores, number="169165"):
    held = stores.invoices.items["dupont", number]
    assert total(stores.ledger.of(number)) == (held.paid_cents - held.opening_cents, held.surplus_cents)
    return held.paid_cents, held.surplus_cents


def test_refund_takes_the_surplus_first_and_then_what_was_paid():
    stores = till_with(notice(), notice(transaction="84"))
    assert stores.payments.find("AAAAAA-BBBBBB").alarms == (Alarm.PAID_TWICE,)
    given_back(stores, 5700, "900")
    assert figures(stores) == (5700, 0)
    assert stores.payments.find("AAAAAA-BBBBBB").alarms == (), "the surplus is back: nothing is left to explain"
    given_back(stores, 700, "901")
    assert figures(stores) == (5000, 0)
    assert stores.invoices.items["dupont", "169165"].balance_cents == 700


def test_refunds_never_exceed_what_the_payment_brought():
    stores = till_with(notice())
    given_back(stores, 5000, "900")
    with pytest.raises(MoneyRefused) as refusal:
        given_back(stores, 701, "901")
    assert refusal.value.most_cents == 700
    assert figures(stores) == (700, 0)


def test_same_refund_is_recorded_once():
    stores = till_with(notice())
    assert given_back(stores, 1000).amount_cents == -1000
    assert given_back(stores, 1000) is None
    assert figures(stores) == (4700, 0)


@pytest.mark.parametrize(("first", "again"), [("900", "0900"), ("0900", "900"), ("9000", "9 000"), ("R-12", "R-12")])
def test_same_refund_is_recorded_once_however_its_number_is_written(first, again):
    stores = till_with(notice())
    given_back(stores, 1000, first)
    assert given_back(stores, 1000, again) is None
    assert given_back(stores, 1000, "901").amount_cents == -1000
    assert figures(stores) == (3700, 0)


def test_refund_that_was_recorded_under_zeros_is_known_without_them():
    stores = till_with(notice())
    given_back(stores, 1000, "0900")
    ((key, entry),) = [item for item in stores.ledger.items.items() if item[1].kind is EntryKind.REFUND]
    del stores.ledger.items[key]
    old = entry.model_copy(update={"key": "refund#AAAAAA-BBBBBB#0900"})
    stores.ledger.items[key[0], old.key] = old
    assert given_back(stores, 1000, "900") is None


def test_only_a_payment_can_be_given_back():
    with pytest.raises(NotFound):
        given_back(till_with(notice("00105")), 100)


def test_cancelled_invoice_keeps_its_history_and_what_was_paid_is_a_surplus():
    stores = till_with(notice())
    asked = Cancellation("169165", "erreur de quantité", "camille", replaced_by="169167")
    after = cancel_invoice(asked, stores=stores, clock=CLOCK)
    assert (after.state, after.balance_cents, after.replaced_by) == (InvoiceState.CANCELLED, 0, "169167")
    assert figures(stores) == (0, 5700)
    assert [row.number for row in stores.summaries.find("dupont") if row.cancelled] == ["169165"]
    with pytest.raises(MoneyRefused):
        cancel_invoice(asked, stores=stores, clock=CLOCK)


@pytest.mark.parametrize("replaced_by", ["169165", "999999", "169166"])
def test_replacement_is_another_invoice_of_the_same_account(replaced_by):
    stores = till_with()
    stores.invoices.add(invoice("169166", "martin"))
    with pytest.raises(MoneyRefused):
        cancel_invoice(Cancellation("169165", "erreur", "camille", replaced_by), stores=stores, clock=CLOCK)


def till_of_several(*transactions, count=3):
    """A stores with a payment of several invoices, of 57,00 €, 58,00 €…, accepted once per transaction."""
    invoices, paying = several(count)
    stores = memory_stores(invoices=invoices, attempts=[paying])
    for one in transactions:
        said = notice(transaction=one, cents=paying.amount_cents)
        settle_notice(said, known_source=True, stores=stores, clock=CLOCK)
    return stores


def refunded_of(stores, number, cents, operation="900"):
    asked = Refund("AAAAAA-BBBBBB", cents, operation, agent="camille", invoice_number=number)
    return refund(asked, stores=stores, clock=CLOCK)


def test_refund_of_a_payment_of_several_says_of_which_invoice():
    stores = till_of_several("83")
    with pytest.raises(MoneyRefused) as refusal:
        given_back(stores, 100)
    assert (refusal.value.reason, refusal.value.numbers) == ("refund_of_which_invoice", ("169165", "169167", "169169"))
    with pytest.raises(MoneyRefused) as refusal:
        refunded_of(stores, "169999", 100)
    assert refusal.value.reason == "refund_of_another_invoice"
    refunded_of(stores, "169167", 5800)
    assert [figures(stores, number) for number in ("169165", "169167", "169169")] == [(5700, 0), (0, 0), (5900, 0)]
    assert stores.payments.find("AAAAAA-BBBBBB").refunded_cents == 5800


@pytest.mark.parametrize("count", [2, 20])
def test_refunds_never_exceed_the_share_of_their_invoice(count):
    stores = till_of_several("83", count=count)
    refunded_of(stores, "169165", 5000, "900")
    with pytest.raises(MoneyRefused) as refusal:
        refunded_of(stores, "169165", 701, "901")
    assert refusal.value.most_cents == 700
    assert refunded_of(stores, "169167", 5800, "900").amount_cents == -5800, "one operation may give back two invoices"
    assert refunded_of(stores, "169167", 5800, "0900") is None
    assert stores.payments.find("AAAAAA-BBBBBB").refunded_cents == 10800
    assert audit(stores=stores).sound


def test_alarm_of_a_payment_of_several_goes_with_the_last_surplus():
    stores = till_of_several("83", "84")
    alarms = []
    for number, cents, operation in (("169165", 5700, "900"), ("169167", 5800, "901"), ("169169", 5900, "902")):
        refunded_of(stores, number, cents, operation)
        alarms.append(stores.payments.find("AAAAAA-BBBBBB").alarms)
    assert alarms == [(Alarm.PAID_TWICE,), (Alarm.PAID_TWICE,), ()]


def test_alarm_of_a_payment_of_several_stays_while_a_returned_surplus_is_not_the_last():
    stores = till_of_several("83", "84", count=2)
    for number, cents, left in (("169165", 5700, (Alarm.PAID_TWICE,)), ("169167", 5800, ())):
        returned = SurplusReturn(number, cents, "virement", number, NOON.date(), agent="camille")
        return_surplus(returned, stores=stores, clock=CLOCK)
        assert stores.payments.find("AAAAAA-BBBBBB").alarms == left


def test_audit_finds_a_payment_of_several_that_lacks_the_entry_of_one():
    stores = till_of_several("83")
    assert audit(stores=stores).sound
    del stores.ledger.items["169169", "card#AAAAAA-BBBBBB#83"]
    found = audit(stores=stores)
    assert (found.unbooked, [one.invoice.number for one in found.differences]) == (["AAAAAA-BBBBBB"], ["169169"])
