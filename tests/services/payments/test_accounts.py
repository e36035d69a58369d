"""Money going out to the accounts: reconciled with the bank, added up by day, recomputed from its entries."""

from datetime import date

import pytest

from chalicelib.domain.bank_notice import Fate
from chalicelib.domain.payment import AttemptState
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from chalicelib.services.payments.receipts import number_receipt
from chalicelib.services.payments.receive_notice import settle
from chalicelib.services.payments.reconcile import reconcile
from chalicelib.services.payments.refund import Refund, refund
from chalicelib.services.payments.takings import booked_after, by_day, collected
from chalicelib.services.payments.unpaid_invoices import unpaid_on
from tests.support.fakes.till import till_of
from tests.support.payment_events import attempt, clock_at_noon, notice
from tests.support.people import invoice

TODAY = date(2026, 6, 10)


@pytest.fixture
def clock():
    return clock_at_noon()


@pytest.fixture
def till():
    """Two attempts at two invoices, one of which was part paid with other software."""
    till = till_of(invoice(), invoice("150001", paid_cents=5000, opening_cents=5000, due_on=date(2026, 5, 1)))
    first, second = attempt(), attempt("CCCCCC-DDDDDD", 700).model_copy(update={"invoice_number": "150001"})
    till.payments.held = {one.reference: one for one in (first, second)}
    return till


def fates(done):
    return [line.settled.fate for line in done.lines]


def test_bank_export_settles_what_a_lost_notice_left_open(till, clock):
    settle(notice(), known_source=True, till=till, clock=clock)
    export = [notice(), notice(reference="CCCCCC-DDDDDD", cents=700, transaction="85"), notice(reference="ELSE")]
    wrong = notice(reference="CCCCCC-DDDDDD", cents=701, transaction="86")
    lines = list(enumerate([*export, wrong], 2))
    foreseen = reconcile(lines, till=till, clock=clock, dry_run=True)
    assert fates(foreseen) == [Fate.NOTHING_NEW, Fate.PAID, Fate.UNKNOWN, Fate.DIFFERENT]
    assert fates(reconcile(lines, till=till, clock=clock)) == fates(foreseen)
    assert fates(reconcile(lines, till=till, clock=clock))[1] is Fate.NOTHING_NEW
    assert till.invoices.held["150001"].paid_cents == 5700


def test_payment_that_the_export_does_not_name_is_listed(till, clock):
    settle(notice(), known_source=True, till=till, clock=clock)
    done = reconcile([(2, notice(reference="ELSE"))], till=till, clock=clock)
    assert [entry.reference for entry in done.absent] == ["AAAAAA-BBBBBB"]


def test_held_payment_is_freed_by_the_export(till, clock):
    settle(notice(), known_source=False, till=till, clock=clock)
    assert fates(reconcile([(2, notice())], till=till, clock=clock)) == [Fate.PAID]
    assert till.payments.held["AAAAAA-BBBBBB"].state is AttemptState.PAID


def test_takings_are_added_up_by_day_and_means(till, clock):
    settle(notice(), known_source=True, till=till, clock=clock)
    settle(notice(transaction="84"), known_source=True, till=till, clock=clock)
    refund(Refund("AAAAAA-BBBBBB", 5000, "900", agent="camille"), till=till, clock=clock)
    cancel_invoice(Cancellation("150001", "erreur", "camille"), till=till, clock=clock)
    entries = collected(TODAY, TODAY, ledger=till.ledger)
    (day,) = by_day(entries)
    assert (day.count, day.received_cents, day.refunded_cents, day.net_cents) == (3, 11400, 5000, 6400)
    assert day.surplus_cents == 700
    assert booked_after(entries, date(2026, 6, 9)) == entries
    assert collected(date(2026, 6, 11), date(2026, 6, 30), ledger=till.ledger) == []


def test_unpaid_invoices_are_those_of_the_day_asked_for(till, clock):
    def unpaid(day, **more):
        found = unpaid_on(day, today=TODAY, till=till, **more)
        return [(one.invoice.number, one.balance_cents) for one in found]

    assert unpaid(TODAY) == [("150001", 700)]
    assert unpaid(date(2026, 5, 1)) == []
    assert unpaid(TODAY, not_yet_due=True) == [("150001", 700), ("169165", 5700)]
    settle(notice(reference="CCCCCC-DDDDDD", cents=700), known_source=True, till=till, clock=clock)
    assert unpaid(TODAY) == []
    assert unpaid(date(2026, 6, 9)) == [("150001", 700)], "it was still unpaid on the eve"


def test_cancelled_invoice_was_unpaid_before_it_was_cancelled(till, clock):
    cancel_invoice(Cancellation("150001", "erreur", "camille"), till=till, clock=clock)
    assert unpaid_on(TODAY, today=TODAY, till=till) == []
    (one,) = unpaid_on(date(2026, 6, 9), today=TODAY, till=till)
    assert one.balance_cents == 700


def test_sound_books_pass(till, clock):
    settle(notice(), known_source=True, till=till, clock=clock)
    number_receipt(till.payments.held["AAAAAA-BBBBBB"], till=till, clock=clock)
    found = audit(till=till)
    assert found.sound
    assert (found.invoices, found.entries, found.received_cents) == (2, 1, 10700)


def test_every_kind_of_difference_is_found(till, clock):
    settle(notice(), known_source=True, till=till, clock=clock)
    number_receipt(till.payments.held["AAAAAA-BBBBBB"], till=till, clock=clock)
    held = till.invoices.held["150001"]
    till.invoices.held["150001"] = held.model_copy(update={"paid_cents": 4999})
    (entry,) = till.ledger.held.values()
    till.ledger.held["0", "x"] = entry.model_copy(update={"invoice_number": "000000"})
    till.payments.held["EEEEEE-FFFFFF"] = attempt("EEEEEE-FFFFFF", state=AttemptState.PAID, receipt_number=1)
    till.books.receipts = 2
    found = audit(till=till)
    assert [one.invoice.number for one in found.differences] == ["150001"]
    assert (found.rows, found.orphans, found.unbooked) == (["150001"], ["000000"], ["EEEEEE-FFFFFF"])
    assert found.receipts == [1, 2]
    assert not found.sound
