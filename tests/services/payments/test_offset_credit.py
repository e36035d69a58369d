"""Offset a credit note or a surplus on another invoice of the account: never above either balance."""

from datetime import date

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.domain.ledger import entries_agree, total
from chalicelib.domain.settlement import Settlement
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from chalicelib.services.payments.import_settlements import import_settlements
from chalicelib.services.payments.offset_credit import Offset, offset_credit
from chalicelib.services.payments.return_surplus import SurplusReturn, return_surplus
from chalicelib.services.payments.undo_movement import movement_id, undo_movement
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import clock_at_noon
from tests.support.people import invoice

CLOCK = clock_at_noon()
DAY = date(2026, 6, 10)
NOTE = invoice("169170", billed_cents=-1000, lines=())


def cash_desk():
    foreign = invoice("169166", "martin", billed_cents=1200)
    return memory_stores(invoices=[invoice(), invoice("169167", billed_cents=1200), NOTE, foreign])


def offset(stores, source="169170", target="169165", cents=None, *, dry_run=False):
    asked = Offset(source, target, cents, DAY, "camille")
    return offset_credit(asked, stores=stores, clock=CLOCK, dry_run=dry_run)


def figures(stores, *numbers):
    found = [stores.invoices.items["dupont", number] for number in numbers]
    assert all(entries_agree(one, total(stores.ledger.of(one.number))) for one in found)
    return [(one.paid_cents, one.surplus_cents) for one in found]


def test_a_credit_note_pays_another_invoice_and_no_more_than_it_gives():
    stores = cash_desk()
    assert offset(stores, dry_run=True).amount_cents == 1000
    assert stores.writes.done == 0
    assert offset(stores, cents=600).amount_cents == 600
    assert offset(stores, cents=600).new is False
    assert offset(stores, target="169167").amount_cents == 400
    assert figures(stores, "169165", "169167", "169170") == [(600, 0), (400, 0), (-1000, 0)]
    with pytest.raises(MoneyRefused) as refusal:
        offset(stores)
    assert refusal.value.reason == "no_credit"


def test_the_family_s_rows_show_what_is_left_of_the_credit():
    stores = cash_desk()
    offset(stores, cents=600)
    rows = {row.number: row for row in stores.summaries.find("dupont")}
    assert (rows["169170"].credit_cents, rows["169165"].balance_cents) == (400, 5100)


def test_a_surplus_pays_another_invoice():
    stores = cash_desk()
    line = Settlement(received_on=date(2026, 6, 9), number="169165", amount_cents=6000, means="cheque")
    import_settlements([(2, line)], stores=stores, clock=CLOCK, agent="camille")
    assert offset(stores, "169165", "169167").amount_cents == 300
    assert figures(stores, "169165", "169167") == [(5700, 0), (300, 0)]


def test_what_a_cancelled_invoice_had_received_pays_the_one_that_replaces_it():
    stores = cash_desk()
    line = Settlement(received_on=date(2026, 6, 9), number="169167", amount_cents=1200, means="cheque")
    import_settlements([(2, line)], stores=stores, clock=CLOCK, agent="camille")
    cancel_invoice(Cancellation("169167", "erreur", "camille", "169165"), stores=stores, clock=CLOCK)
    assert offset(stores, "169167", "169165").amount_cents == 1200
    assert figures(stores, "169165", "169167") == [(1200, 0), (0, 0)]


@pytest.mark.parametrize(
    ("source", "target", "cents", "reason"),
    [
        ("169170", "169166", None, "offset_other_account"),
        ("169165", "169165", None, "offset_other_account"),
        ("169165", "169167", None, "no_credit"),
        ("169170", "169165", 1001, "offset_above_balance"),
    ],
)
def test_an_offset_is_between_two_invoices_of_one_account_and_within_both(source, target, cents, reason):
    with pytest.raises(MoneyRefused) as refusal:
        offset(cash_desk(), source, target, cents)
    assert refusal.value.reason == reason


def test_an_offset_undone_is_made_again_the_same_day_with_its_amount():
    stores = cash_desk()
    offset(stores, cents=600)
    (entry,) = stores.ledger.of("169165")
    undo_movement("169165", movement_id(entry), reason="erreur", agent="camille", stores=stores, clock=CLOCK)
    assert offset(stores, cents=600).new
    assert figures(stores, "169165", "169170") == [(600, 0), (-600, 0)]


def test_unknown_invoices_are_told():
    with pytest.raises(NotFound):
        offset(cash_desk(), "999999")


def test_a_credit_note_that_families_do_not_see_yet_is_neither_used_nor_given_back():
    stores = memory_stores(invoices=[invoice(), NOTE.model_copy(update={"state": InvoiceState.PREPARED})])
    returned = SurplusReturn("169170", 400, "virement", "V1", DAY, agent="camille")
    for act in (lambda: offset(stores), lambda: return_surplus(returned, stores=stores, clock=CLOCK)):
        with pytest.raises(MoneyRefused) as refusal:
            act()
        assert refusal.value.reason == "not_issued"


def test_a_credit_note_may_be_given_back_in_money_and_is_not_cancelled_once_used():
    stores = cash_desk()
    return_surplus(SurplusReturn("169170", 400, "virement", "V1", DAY, agent="camille"), stores=stores, clock=CLOCK)
    assert figures(stores, "169170") == [(-400, 0)]
    with pytest.raises(MoneyRefused) as refusal:
        cancel_invoice(Cancellation("169170", "erreur", "camille"), stores=stores, clock=CLOCK)
    assert refusal.value.reason == "credit_used"
