"""What the régie does: gives back never more than was paid, cancels, takes in money that came another way."""

from datetime import date

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.domain.ledger import EntryKind, total
from chalicelib.domain.payment import Alarm
from chalicelib.domain.settlement import Settlement
from chalicelib.errors import MoneyRefused, NotFound
from chalicelib.payment.form import archive_reference
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from chalicelib.services.payments.import_settlements import LineOutcome, import_settlements
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.refund import Refund, refund
from tests.support.fakes.stores import memory_stores
from tests.support.payment_events import attempt, clock_at_noon, notice
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


def taken_in(stores, *settlements, dry_run=False):
    lines = list(enumerate(settlements, 2))
    return import_settlements(lines, stores=stores, clock=CLOCK, agent="camille", dry_run=dry_run)


def money(cents=5700, number="169165", means="chèque", reference="", day=9):
    return Settlement(
        received_on=date(2026, 6, day), number=number, amount_cents=cents, means=means, reference=reference
    )


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


def test_money_from_a_file_moves_the_invoice_once():
    stores = till_with()
    cheque, cash = money(2000, reference="CHQ 12"), money(3700, means="espèces")
    assert [line.outcome for line in taken_in(stores, cheque, cash).lines] == [LineOutcome.BOOKED] * 2
    assert figures(stores) == (5700, 0)
    assert [line.outcome for line in taken_in(stores, cheque, cash).lines] == [LineOutcome.KNOWN] * 2
    assert figures(stores) == (5700, 0)
    assert {entry.kind for entry in stores.ledger.of("169165")} == {EntryKind.OTHER}


def test_money_above_the_balance_is_a_surplus_and_is_told():
    outcome = taken_in(stores := till_with(), money(6000), money(50, number="169167"))
    assert [(line.line, line.surplus_cents) for line in outcome.surplus] == [(2, 300)]
    assert figures(stores) == (5700, 300)


@pytest.mark.parametrize("reference", ["AAAAAA-BBBBBB", archive_reference("AAAAAA-BBBBBB"), "83", "783"])
def test_line_that_carries_a_known_paybox_reference_is_already_known(reference):
    stores = till_with(notice())
    (line,) = taken_in(stores, money(means="CB internet", reference=reference)).lines
    assert line.outcome is LineOutcome.KNOWN_BY_CARD
    assert figures(stores) == (5700, 0)


@pytest.mark.parametrize("reference", ["AAAAAA-BBBBBB", archive_reference("AAAAAA-BBBBBB")])
def test_line_of_a_card_payment_that_the_bank_has_not_confirmed_is_refused(reference):
    (line,) = taken_in(stores := till_with(), money(reference=reference)).refused
    assert line.outcome is LineOutcome.CARD_NOT_SETTLED
    assert figures(stores) == (0, 0)


@pytest.mark.parametrize("line", [money(5600, reference="83"), money(1200, "169167", reference="AAAAAA-BBBBBB")])
def test_line_that_disagrees_with_its_card_payment_is_refused(line):
    assert [one.outcome for one in taken_in(till_with(notice()), line).refused] == [LineOutcome.CARD_DIFFERS]


def test_money_of_tomorrow_is_refused():
    assert [one.outcome for one in taken_in(till_with(), money(day=10), money(day=11)).refused] == [LineOutcome.FUTURE]


def test_same_line_written_in_other_letters_is_known():
    stores = till_with()
    taken_in(stores, money(2000, means="Chèque", reference="chq 12"))
    (line,) = taken_in(stores, money(2000, means="che\u0300que", reference="CHQ\u00a012")).lines
    assert line.outcome is LineOutcome.KNOWN


@pytest.mark.parametrize("dry_run", [True, False])
def test_two_lines_that_only_their_spelling_tells_apart_are_never_taken_for_one_in_silence(dry_run):
    stores = till_with()
    twins = (money(1000, means="Espèces"), money(1000, means="espèces"), money(1000, number="169167", means="espèces"))
    outcome = taken_in(stores, *twins, dry_run=dry_run)
    assert [line.outcome for line in outcome.lines] == [LineOutcome.BOOKED, LineOutcome.REPEATED, LineOutcome.BOOKED]
    assert (outcome.cents(LineOutcome.BOOKED), [line.line for line in outcome.refused]) == (2000, [3])


def test_lines_that_name_no_invoice_are_refused_alone():
    stores = till_with(state=InvoiceState.PREPARED)
    outcome = taken_in(stores, money(), money(number="999999"), money(100, number="169167"))
    assert [line.outcome for line in outcome.lines] == [
        LineOutcome.NOT_ISSUED,
        LineOutcome.NO_INVOICE,
        LineOutcome.BOOKED,
    ]
    assert outcome.cents(LineOutcome.BOOKED) == 100


def test_dry_run_foresees_the_surplus_of_two_lines_and_writes_nothing():
    stores = till_with()
    outcome = taken_in(stores, money(5000), money(1000, means="espèces"), dry_run=True)
    assert [line.surplus_cents for line in outcome.lines] == [0, 300]
    assert stores.writes.done == 0
