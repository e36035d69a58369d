"""Undo what was entered: the opposite is booked once, both stay, card payments are refunded instead."""

from datetime import date

import pytest

from chalicelib.domain.ledger import EntryKind, total
from chalicelib.domain.settlement import Settlement
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.offset_credit import Offset, offset_credit
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.refund import Refund, refund
from chalicelib.services.payments.return_surplus import SurplusReturn, return_surplus
from chalicelib.services.payments.undo_movement import movement_id, undo_movement
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, clock_at_noon, notice
from tests.support.people import invoice

CLOCK = clock_at_noon()
DAY = date(2026, 6, 10)


def cash_desk():
    note = invoice("169170", billed_cents=-1000, lines=())
    return memory_stores(invoices=[invoice(), invoice("169167", billed_cents=1200), note], attempts=[attempt()])


def pay(stores, cents=5700, reference="12", number="169165"):
    facts = {"received_on": date(2026, 6, 9), "number": number, "amount_cents": cents, "means": "cheque"}
    line = Settlement(reference=reference, **facts)
    import_settlements([(2, line)], stores=stores, clock=CLOCK, agent="camille")


def undo(stores, entry, number="169165", *, dry_run=False):
    return undo_movement(
        number, movement_id(entry).lower(), reason="impaye", agent="sasha", stores=stores, clock=CLOCK, dry_run=dry_run
    )


def figures(stores, number="169165"):
    held = stores.invoices.items["dupont", number]
    assert total(stores.ledger.of(number)) == (held.paid_cents, held.surplus_cents)
    return held.paid_cents, held.surplus_cents


def last(stores, number="169165"):
    return [*stores.ledger.items.values()][-1] if number is None else stores.ledger.of(number)[-1]


def test_a_bounced_cheque_is_undone_once_and_both_movements_stay():
    stores = cash_desk()
    pay(stores)
    (cheque,) = stores.ledger.of("169165")
    assert undo(stores, cheque, dry_run=True).amount_cents == -5700
    assert figures(stores) == (5700, 0)
    reversal = undo(stores, cheque)
    assert (reversal.kind, reversal.note, reversal.agent) == (EntryKind.REVERSAL, "impaye", "sasha")
    assert (reversal.means, reversal.reference, reversal.reverses) == ("cheque", "12", cheque.key)
    assert figures(stores) == (0, 0)
    assert undo(stores, cheque) is None
    assert len(stores.ledger.of("169165")) == 2


def test_the_family_s_list_shows_it_to_pay_again():
    stores = cash_desk()
    pay(stores)
    undo(stores, last(stores))
    rows = {row.number: row for row in stores.summaries.find("dupont")}
    assert rows["169165"].balance_cents == 5700


def test_what_was_reinstated_is_undone_again():
    stores = cash_desk()
    pay(stores)
    (cheque,) = stores.ledger.of("169165")
    undo(stores, undo(stores, cheque))
    assert figures(stores) == (5700, 0)
    assert undo(stores, cheque).amount_cents == -5700
    assert figures(stores) == (0, 0)
    assert undo(stores, cheque) is None
    assert audit(stores=stores).sound


def test_a_return_typed_by_mistake_is_undone_and_typed_again():
    stores = cash_desk()
    pay(stores, 6000)
    wrong = SurplusReturn("169165", 300, "virement", "V1", DAY, agent="camille")
    undo(stores, return_surplus(wrong, stores=stores, clock=CLOCK))
    right = SurplusReturn("169165", 200, "Virement bancaire", "v-01", DAY, agent="camille")
    assert return_surplus(right, stores=stores, clock=CLOCK).amount_cents == -200
    assert return_surplus(right, stores=stores, clock=CLOCK) is None
    assert figures(stores) == (5700, 100)


@pytest.mark.parametrize(("reason", "debited"), [("rejet", False), ("facture", True)])
def test_only_a_refused_debit_stops_the_invoice_s_own(reason, debited):
    stores = memory_stores(invoices=[invoice(direct_debit=True)])
    pay(stores)
    stores.ledger.items = {
        key: entry.model_copy(update={"means": "prelevement"}) for key, entry in stores.ledger.items.items()
    }
    (debit,) = stores.ledger.of("169165")
    reversal = undo_movement("169165", movement_id(debit), reason=reason, agent="sasha", stores=stores, clock=CLOCK)
    held = stores.invoices.items["dupont", "169165"]
    assert (held.direct_debit, held.debit_stopped) == (debited, None if debited else True)
    undo(stores, reversal)
    assert stores.invoices.items["dupont", "169165"].debit_stopped is None


def test_an_undoing_typed_by_mistake_is_undone():
    stores = cash_desk()
    pay(stores)
    (cheque,) = stores.ledger.of("169165")
    reversal = undo(stores, cheque)
    assert undo(stores, reversal).amount_cents == 5700
    assert figures(stores) == (5700, 0)


def test_a_card_payment_is_refunded_never_undone():
    stores = cash_desk()
    settle_notice(notice(), known_source=True, stores=stores, clock=CLOCK)
    with pytest.raises(MoneyRefused) as refusal:
        undo(stores, last(stores))
    assert refusal.value.reason == "card_is_refunded"
    assert figures(stores) == (5700, 0)


def test_a_card_refund_typed_by_mistake_is_undone_and_may_be_made_again():
    stores = cash_desk()
    settle_notice(notice(), known_source=True, stores=stores, clock=CLOCK)
    asked = Refund("AAAAAA-BBBBBB", 700, "900", agent="camille")
    entry = refund(asked, stores=stores, clock=CLOCK)
    assert stores.payments.find("AAAAAA-BBBBBB").refunded_cents == 700
    reversal = undo(stores, entry)
    assert (figures(stores), stores.payments.find("AAAAAA-BBBBBB").refunded_cents) == ((5700, 0), 0)
    again = refund(Refund("AAAAAA-BBBBBB", 600, "0900", agent="camille"), stores=stores, clock=CLOCK)
    assert (again.amount_cents, stores.payments.find("AAAAAA-BBBBBB").refunded_cents) == (-600, 600)
    assert refund(Refund("AAAAAA-BBBBBB", 600, "900", agent="camille"), stores=stores, clock=CLOCK) is None
    undo(stores, reversal)
    assert stores.payments.find("AAAAAA-BBBBBB").refunded_cents == 1300
    assert audit(stores=stores).sound


def test_a_settlement_whose_surplus_was_returned_waits_until_the_return_is_undone():
    stores = cash_desk()
    pay(stores, 6000)
    (cheque,) = stores.ledger.of("169165")
    returned = SurplusReturn("169165", 300, "virement", "V1", DAY, agent="camille")
    entry = return_surplus(returned, stores=stores, clock=CLOCK)
    with pytest.raises(MoneyRefused) as refusal:
        undo(stores, cheque)
    assert refusal.value.reason == "given_back_already"
    undo(stores, entry)
    undo(stores, cheque)
    assert figures(stores) == (0, 0)


@pytest.mark.parametrize("number", ["169165", "169170"])
def test_an_offset_is_undone_on_both_invoices_from_either(number):
    stores = cash_desk()
    asked = Offset("169170", "169165", None, DAY, "camille")
    offset_credit(asked, stores=stores, clock=CLOCK)
    (entry,) = stores.ledger.of(number)
    undo(stores, entry, number)
    assert (figures(stores), figures(stores, "169170")) == ((0, 0), (0, 0))
    assert undo(stores, entry, number) is None
    offset_credit(asked, stores=stores, clock=CLOCK)
    assert (figures(stores), figures(stores, "169170")) == ((1000, 0), (-1000, 0))


def test_an_unknown_movement_or_invoice_is_told():
    stores = cash_desk()
    pay(stores)
    with pytest.raises(MoneyRefused) as refusal:
        undo_movement("169165", "AAAAAA", reason="rejet", agent="sasha", stores=stores, clock=CLOCK)
    assert refusal.value.reason == "unknown_movement"
    with pytest.raises(NotFound):
        undo(stores, last(stores), "999999")
