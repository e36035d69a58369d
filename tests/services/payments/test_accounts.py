"""Money going out to the accounts: reconciled with the bank, added up by day, recomputed from its entries."""

from datetime import date

import pytest

from chalicelib.domain.bank_notice import NoticeOutcome
from chalicelib.domain.payment import AttemptState
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.cancel_invoice import Cancellation, cancel_invoice
from chalicelib.services.payments.receipts import number_receipt
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.reconcile import reconcile
from chalicelib.services.payments.refund import Refund, refund
from chalicelib.services.payments.takings import booked_after, movements_between, takings_by_day
from chalicelib.services.payments.unpaid_invoices import unpaid_on
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, clock_at_noon, notice
from tests.support.people import invoice

TODAY = date(2026, 6, 10)


@pytest.fixture
def clock():
    return clock_at_noon()


@pytest.fixture
def stores():
    """Two attempts at two invoices, one of which was part paid with other software."""
    part_paid = invoice("150001", paid_cents=5000, opening_cents=5000, due_on=date(2026, 5, 1))
    first, second = attempt(), attempt("CCCCCC-DDDDDD", 700).model_copy(update={"invoice_number": "150001"})
    return memory_stores(invoices=[invoice(), part_paid], attempts=[first, second])


def fates(done):
    return [line.settled.fate for line in done.lines]


def test_bank_export_settles_what_a_lost_notice_left_open(stores, clock):
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    export = [
        notice(),
        notice(reference="CCCCCC-DDDDDD", cents=700, transaction="85"),
        notice(reference="ELSE", transaction="99"),
    ]
    wrong = notice(reference="CCCCCC-DDDDDD", cents=701, transaction="86")
    lines = list(enumerate([*export, wrong], 2))
    previewed = reconcile(lines, stores=stores, clock=clock, dry_run=True)
    assert fates(previewed) == [
        NoticeOutcome.NOTHING_NEW,
        NoticeOutcome.PAID,
        NoticeOutcome.UNKNOWN,
        NoticeOutcome.DIFFERENT,
    ]
    assert fates(reconcile(lines, stores=stores, clock=clock)) == fates(previewed)
    assert fates(reconcile(lines, stores=stores, clock=clock))[1] is NoticeOutcome.NOTHING_NEW
    assert stores.invoices.items["dupont", "150001"].paid_cents == 5700


def test_payment_that_the_export_does_not_name_is_listed(stores, clock):
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    done = reconcile([(2, notice(reference="ELSE", transaction="99"))], stores=stores, clock=clock)
    assert [entry.reference for entry in done.absent] == ["AAAAAA-BBBBBB"]


def test_held_payment_is_freed_by_the_export(stores, clock):
    settle_notice(notice(), known_source=False, stores=stores, clock=clock)
    assert fates(reconcile([(2, notice())], stores=stores, clock=clock)) == [NoticeOutcome.PAID]
    assert stores.payments.items["AAAAAA-BBBBBB"].state is AttemptState.PAID


def test_takings_are_added_up_by_day_and_means(stores, clock):
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    settle_notice(notice(transaction="84"), known_source=True, stores=stores, clock=clock)
    refund(Refund("AAAAAA-BBBBBB", 5000, "900", agent="camille"), stores=stores, clock=clock)
    cancel_invoice(Cancellation("150001", "erreur", "camille"), stores=stores, clock=clock)
    entries = movements_between(TODAY, TODAY, ledger=stores.ledger)
    (day,) = takings_by_day(entries)
    assert (day.count, day.received_cents, day.refunded_cents, day.net_cents) == (3, 11400, 5000, 6400)
    assert day.surplus_cents == 700
    assert booked_after(entries, date(2026, 6, 9)) == entries
    assert movements_between(date(2026, 6, 11), date(2026, 6, 30), ledger=stores.ledger) == []


def test_unpaid_invoices_are_those_of_the_day_asked_for(stores, clock):
    def unpaid(day, **more):
        found = unpaid_on(day, today=TODAY, stores=stores, **more)
        return [(one.invoice.number, one.balance_cents) for one in found]

    assert unpaid(TODAY) == [("150001", 700)]
    assert unpaid(date(2026, 5, 1)) == []
    assert unpaid(TODAY, not_yet_due=True) == [("150001", 700), ("169165", 5700)]
    settle_notice(notice(reference="CCCCCC-DDDDDD", cents=700), known_source=True, stores=stores, clock=clock)
    assert unpaid(TODAY) == []
    assert unpaid(date(2026, 6, 9)) == [("150001", 700)], "it was still unpaid on the eve"


def test_cancelled_invoice_was_unpaid_before_it_was_cancelled(stores, clock):
    cancel_invoice(Cancellation("150001", "erreur", "camille"), stores=stores, clock=clock)
    assert unpaid_on(TODAY, today=TODAY, stores=stores) == []
    (one,) = unpaid_on(date(2026, 6, 9), today=TODAY, stores=stores)
    assert one.balance_cents == 700


def test_sound_books_pass(stores, clock):
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    number_receipt(stores.payments.items["AAAAAA-BBBBBB"], stores=stores, clock=clock)
    found = audit(stores=stores)
    assert found.sound
    assert (found.invoices, found.entries, found.received_cents) == (2, 1, 10700)


def test_figures_of_invoices_are_those_they_came_with_and_the_movements(stores, clock):
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    settle_notice(notice(transaction="84"), known_source=True, stores=stores, clock=clock)
    refund(Refund("AAAAAA-BBBBBB", 700, "900", agent="camille"), stores=stores, clock=clock)
    found = audit(stores=stores)
    assert (found.paid_cents, found.surplus_cents, found.opening_cents, found.moved_cents) == (10700, 5000, 5000, 10700)
    assert found.paid_cents + found.surplus_cents == found.opening_cents + found.moved_cents


def test_first_payment_that_no_export_covers_is_found(stores, clock):
    assert audit(stores=stores).unreconciled_since is None
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    later = notice(transaction="84").model_copy(update={"paid_on": date(2026, 6, 9)})
    settle_notice(later, known_source=True, stores=stores, clock=clock)
    found = audit(stores=stores)
    assert (found.unreconciled_since, found.last_reconciliation) == (date(2026, 6, 9), None)
    stores.reconciliations.keep(clock(), date(2026, 6, 9))
    found = audit(stores=stores)
    assert (found.unreconciled_since, found.last_reconciliation) == (TODAY, stores.reconciliations.last())
    stores.reconciliations.keep(clock(), TODAY)
    assert audit(stores=stores).unreconciled_since is None


def test_every_kind_of_difference_is_found(stores, clock):
    settle_notice(notice(), known_source=True, stores=stores, clock=clock)
    number_receipt(stores.payments.items["AAAAAA-BBBBBB"], stores=stores, clock=clock)
    held = stores.invoices.items["dupont", "150001"]
    stores.invoices.items["dupont", "150001"] = held.model_copy(update={"paid_cents": 4999})
    (entry,) = stores.ledger.items.values()
    stores.ledger.items["0", "x"] = entry.model_copy(update={"invoice_number": "000000"})
    stores.payments.items["EEEEEE-FFFFFF"] = attempt("EEEEEE-FFFFFF", state=AttemptState.PAID, receipt_number=1)
    stores.money.receipts = 2
    found = audit(stores=stores)
    assert [one.invoice.number for one in found.differences] == ["150001"]
    assert (found.rows, found.orphans, found.unbooked) == (["150001"], ["000000"], ["EEEEEE-FFFFFF"])
    assert found.receipts == [1, 2]
    assert not found.sound
