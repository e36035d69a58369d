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
from chalicelib.services.payments.import_settlements import Said, import_settlements
from chalicelib.services.payments.receive_notice import settle
from chalicelib.services.payments.refund import Refund, refund
from tests.support.fakes.till import till_of
from tests.support.payment_events import attempt, clock_at_noon, notice
from tests.support.people import invoice

CLOCK = clock_at_noon()
OTHER = invoice("169167", billed_cents=1200)


def till_with(*said, **changes):
    """A till with one attempt, and what the bank said of it."""
    till = till_of(invoice(**changes), OTHER)
    till.payments.held["AAAAAA-BBBBBB"] = attempt()
    for one in said:
        settle(one, known_source=True, till=till, clock=CLOCK)
    return till


def given_back(till, cents, transaction="900"):
    asked = Refund("AAAAAA-BBBBBB", cents, transaction, agent="camille", reason="double paiement")
    return refund(asked, till=till, clock=CLOCK)


def taken_in(till, *settlements, dry_run=False):
    lines = list(enumerate(settlements, 2))
    return import_settlements(lines, till=till, clock=CLOCK, agent="camille", dry_run=dry_run)


def money(cents=5700, number="169165", means="chèque", reference="", day=9):
    return Settlement(
        received_on=date(2026, 6, day), number=number, amount_cents=cents, means=means, reference=reference
    )


def figures(till, number="169165"):
    held = till.invoices.held[number]
    assert total(till.ledger.of(number)) == (held.paid_cents - held.opening_cents, held.surplus_cents)
    return held.paid_cents, held.surplus_cents


def test_refund_takes_the_surplus_first_and_then_what_was_paid():
    till = till_with(notice(), notice(transaction="84"))
    assert till.payments.find("AAAAAA-BBBBBB").alarms == (Alarm.PAID_TWICE,)
    given_back(till, 5700, "900")
    assert figures(till) == (5700, 0)
    assert till.payments.find("AAAAAA-BBBBBB").alarms == (), "the surplus is back: nothing is left to explain"
    given_back(till, 700, "901")
    assert figures(till) == (5000, 0)
    assert till.invoices.held["169165"].balance_cents == 700


def test_refunds_never_exceed_what_the_payment_brought():
    till = till_with(notice())
    given_back(till, 5000, "900")
    with pytest.raises(MoneyRefused) as refusal:
        given_back(till, 701, "901")
    assert refusal.value.most_cents == 700
    assert figures(till) == (700, 0)


def test_same_refund_is_recorded_once():
    till = till_with(notice())
    assert given_back(till, 1000).amount_cents == -1000
    assert given_back(till, 1000) is None
    assert figures(till) == (4700, 0)


def test_only_a_payment_can_be_given_back():
    with pytest.raises(NotFound):
        given_back(till_with(notice("00105")), 100)


def test_cancelled_invoice_keeps_its_history_and_what_was_paid_is_a_surplus():
    till = till_with(notice())
    asked = Cancellation("169165", "erreur de quantité", "camille", replaced_by="169167")
    after = cancel_invoice(asked, till=till, clock=CLOCK)
    assert (after.state, after.balance_cents, after.replaced_by) == (InvoiceState.CANCELLED, 0, "169167")
    assert figures(till) == (0, 5700)
    assert till.summaries.find("dupont")[0].cancelled
    with pytest.raises(MoneyRefused):
        cancel_invoice(asked, till=till, clock=CLOCK)


@pytest.mark.parametrize("replaced_by", ["169165", "999999", "169166"])
def test_replacement_is_another_invoice_of_the_same_account(replaced_by):
    till = till_with()
    till.invoices.held["169166"] = invoice("169166", "martin")
    with pytest.raises(MoneyRefused):
        cancel_invoice(Cancellation("169165", "erreur", "camille", replaced_by), till=till, clock=CLOCK)


def test_money_from_a_file_moves_the_invoice_once():
    till = till_with()
    cheque, cash = money(2000, reference="CHQ 12"), money(3700, means="espèces")
    assert [line.said for line in taken_in(till, cheque, cash).lines] == [Said.BOOKED] * 2
    assert figures(till) == (5700, 0)
    assert [line.said for line in taken_in(till, cheque, cash).lines] == [Said.KNOWN] * 2
    assert figures(till) == (5700, 0)
    assert {entry.kind for entry in till.ledger.of("169165")} == {EntryKind.OTHER}


def test_money_above_the_balance_is_a_surplus_and_is_told():
    outcome = taken_in(till := till_with(), money(6000), money(50, number="169167"))
    assert [(line.line, line.surplus_cents) for line in outcome.surplus] == [(2, 300)]
    assert figures(till) == (5700, 300)


@pytest.mark.parametrize("reference", ["AAAAAA-BBBBBB", archive_reference("AAAAAA-BBBBBB"), "83", "783"])
def test_line_that_carries_a_known_paybox_reference_is_already_known(reference):
    till = till_with(notice())
    (line,) = taken_in(till, money(means="CB internet", reference=reference)).lines
    assert line.said is Said.KNOWN_BY_CARD
    assert figures(till) == (5700, 0)


@pytest.mark.parametrize("reference", ["AAAAAA-BBBBBB", archive_reference("AAAAAA-BBBBBB")])
def test_line_of_a_card_payment_that_the_bank_has_not_confirmed_is_refused(reference):
    (line,) = taken_in(till := till_with(), money(reference=reference)).refused
    assert line.said is Said.CARD_NOT_SETTLED
    assert figures(till) == (0, 0)


@pytest.mark.parametrize("line", [money(5600, reference="83"), money(1200, "169167", reference="AAAAAA-BBBBBB")])
def test_line_that_disagrees_with_its_card_payment_is_refused(line):
    assert [one.said for one in taken_in(till_with(notice()), line).refused] == [Said.CARD_DIFFERS]


def test_money_of_tomorrow_is_refused():
    assert [one.said for one in taken_in(till_with(), money(day=10), money(day=11)).refused] == [Said.FUTURE]


def test_same_line_written_in_other_letters_is_known():
    till = till_with()
    taken_in(till, money(2000, means="Chèque", reference="chq 12"))
    (line,) = taken_in(till, money(2000, means="che\u0300que", reference="CHQ\u00a012")).lines
    assert line.said is Said.KNOWN


@pytest.mark.parametrize("dry_run", [True, False])
def test_two_lines_that_only_their_spelling_tells_apart_are_never_taken_for_one_in_silence(dry_run):
    till = till_with()
    twins = (money(1000, means="Espèces"), money(1000, means="espèces"), money(1000, number="169167", means="espèces"))
    outcome = taken_in(till, *twins, dry_run=dry_run)
    assert [line.said for line in outcome.lines] == [Said.BOOKED, Said.REPEATED, Said.BOOKED]
    assert (outcome.cents(Said.BOOKED), [line.line for line in outcome.refused]) == (2000, [3])


def test_lines_that_name_no_invoice_are_refused_alone():
    till = till_with(state=InvoiceState.PREPARED)
    outcome = taken_in(till, money(), money(number="999999"), money(100, number="169167"))
    assert [line.said for line in outcome.lines] == [Said.NOT_ISSUED, Said.NO_INVOICE, Said.BOOKED]
    assert outcome.cents(Said.BOOKED) == 100


def test_dry_run_foresees_the_surplus_of_two_lines_and_writes_nothing():
    till = till_with()
    outcome = taken_in(till, money(5000), money(1000, means="espèces"), dry_run=True)
    assert [line.surplus_cents for line in outcome.lines] == [0, 300]
    assert till.books.writes.done == 0
