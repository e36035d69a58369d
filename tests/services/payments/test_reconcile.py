"""One operation of the bank pays once: a number that the export writes otherwise, or gives to two payments."""

import pytest

from chalicelib.domain.bank_notice import NoticeOutcome
from chalicelib.domain.card_payment.share import MOST_INVOICES
from chalicelib.domain.payment import AttemptState
from chalicelib.services.payments.audit import audit
from chalicelib.services.payments.receive_notice import settle_notice
from chalicelib.services.payments.reconcile import reconcile
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import attempt, clock_at_noon, notice, several
from tests.support.people import invoice

CLOCK = clock_at_noon()
OTHER = "CCCCCC-DDDDDD"


@pytest.fixture
def stores():
    """Two attempts at two invoices of 57,00 €."""
    second = attempt(OTHER).model_copy(update={"invoice_number": "150001"})
    return memory_stores(invoices=[invoice(), invoice("150001")], attempts=[attempt(), second])


def reconciled(stores, *notices, dry_run=False):
    return reconcile(list(enumerate(notices, 2)), stores=stores, clock=CLOCK, dry_run=dry_run)


def paid_cents(stores):
    return [stores.invoices.items["dupont", number].paid_cents for number in ("169165", "150001")]


def from_the_bank(stores, *notices):
    for one in notices:
        settle_notice(one, known_source=True, stores=stores, clock=CLOCK)


def shared_with(done):
    return [(one.line, one.references, one.numbers, one.booked) for one in done.shared]


@pytest.mark.parametrize("numbers", [{"transaction": "00083"}, {"transaction": "", "call": "0783"}])
def test_old_number_with_zeros_is_the_payment_that_it_was(stores, numbers):
    """What the ledger has kept since then is compared by its digits."""
    from_the_bank(stores, notice(), notice(transaction="84"))
    booked = {key: entry for key, entry in stores.ledger.items.items() if entry.transaction == "83"}
    for key, entry in booked.items():
        stores.ledger.items[key] = entry.model_copy(update=numbers)
    paid = stores.payments.items["AAAAAA-BBBBBB"]
    first = paid.model_copy(update={"notice": paid.notice.model_copy(update=numbers)})
    stores.payments.items["AAAAAA-BBBBBB"] = first
    done = reconciled(stores, notice(), notice(transaction="84"))
    assert [line.settled.fate for line in done.lines] == [NoticeOutcome.NOTHING_NEW] * 2
    assert len(stores.ledger.items) == 2


@pytest.mark.parametrize("dry_run", [True, False])
def test_operation_that_the_file_gives_to_two_payments_books_neither(stores, dry_run):
    done = reconciled(stores, notice(), notice(reference=OTHER, transaction="0083"), dry_run=dry_run)
    assert shared_with(done) == [(2, (OTHER,), (3,), False), (3, ("AAAAAA-BBBBBB",), (2,), False)]
    assert (done.lines, done.absent, paid_cents(stores), stores.writes.done) == ([], [], [0, 0], 0)


def test_operation_that_our_ledger_has_for_another_payment_is_left_and_the_first_stays(stores):
    from_the_bank(stores, notice())
    done = reconciled(stores, notice(reference=OTHER))
    assert shared_with(done) == [(2, ("AAAAAA-BBBBBB",), (), False)]
    assert paid_cents(stores) == [5700, 0]
    both = reconciled(stores, notice(), notice(reference=OTHER))
    assert shared_with(both) == [(2, (OTHER,), (3,), True), (3, ("AAAAAA-BBBBBB",), (2,), False)]
    assert [line.settled.fate for line in both.lines] == [NoticeOutcome.NOTHING_NEW]
    assert paid_cents(stores) == [5700, 0]


def test_operation_that_the_bank_confirmed_for_two_payments_is_told_for_both(stores):
    from_the_bank(stores, notice(), notice(reference=OTHER))
    done = reconciled(stores, notice(), notice(reference=OTHER))
    assert [one.booked for one in done.shared] == [True, True]
    assert [line.settled.fate for line in done.lines] == [NoticeOutcome.NOTHING_NEW] * 2


def test_without_transaction_the_call_tells_which_operation_it_is(stores):
    only_call = {"transaction": "", "call": "783"}
    notices = [notice().model_copy(update=only_call), notice(reference=OTHER).model_copy(update=only_call)]
    assert len(reconciled(stores, *notices).shared) == 2
    other_call = notices[1].model_copy(update={"call": "784"})
    assert reconciled(stores, notices[0], other_call).shared == []
    assert paid_cents(stores) == [5700, 5700]


def test_one_payment_on_two_lines_is_one_operation(stores):
    done = reconciled(stores, notice(), notice())
    assert (done.shared, paid_cents(stores)) == ([], [5700, 0])


def test_line_that_was_right_pays_once_the_wrong_one_is_removed(stores):
    reconciled(stores, notice(), notice(reference=OTHER))
    assert reconciled(stores, notice()).shared == []
    assert paid_cents(stores) == [5700, 0]
    assert stores.payments.items[OTHER].state is AttemptState.STARTED


@pytest.mark.parametrize("count", range(1, MOST_INVOICES + 1))
@pytest.mark.parametrize("told_before", [False, True])
def test_one_line_of_the_export_settles_every_invoice_of_its_payment_once(count, told_before):
    invoices, paying = several(count)
    stores = memory_stores(invoices=invoices, attempts=[paying])
    said = notice(cents=paying.amount_cents)
    if told_before:
        from_the_bank(stores, said)
    previewed = reconciled(stores, said, dry_run=True)
    done = [reconciled(stores, said) for _ in range(2)]
    first = NoticeOutcome.NOTHING_NEW if told_before else NoticeOutcome.PAID
    fates = [[line.settled.fate for line in one.lines] for one in (previewed, *done)]
    assert fates == [[first], [first], [NoticeOutcome.NOTHING_NEW]]
    assert all((one.shared, one.absent) == ([], []) for one in done)
    assert len(stores.ledger.items) == count
    assert all((one.paid_cents, one.surplus_cents) == (one.billed_cents, 0) for one in stores.invoices.every())
    assert audit(stores=stores).sound


def test_payment_of_several_that_the_export_lacks_is_absent_with_each_of_its_entries():
    invoices, paying = several(2)
    stores = memory_stores(invoices=[*invoices, invoice("150001")], attempts=[paying, attempt(OTHER)])
    from_the_bank(stores, notice(cents=paying.amount_cents))
    done = reconciled(stores, notice(reference=OTHER, transaction="84"))
    assert sorted((entry.invoice_number, entry.amount_cents) for entry in done.absent) == [
        ("169165", 5700),
        ("169167", 5800),
    ]
