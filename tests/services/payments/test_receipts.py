"""Receipts: numbered without gaps or doubles, drawn once, mailed once, and what is ambiguous is shown."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.domain.payment import MAIL_CLAIM_TIMEOUT, AttemptState, MailState
from chalicelib.errors import MailRefused, MailThrottled, NotFound, Unavailable
from chalicelib.services.payments.payment_mails import mail_once
from chalicelib.services.payments.receipts import keep_receipt, number_receipt, receipt_key, receipt_of
from chalicelib.services.payments.sweep import sweep
from tests.support.fakes.documents import FakeDocuments
from tests.support.fakes.stores import memory_stores
from tests.support.payments.payment_events import NOON, attempt, clock_at_noon, notice, several
from tests.support.people import invoice


def paid(reference="AAAAAA-BBBBBB", **changes):
    facts = {"state": AttemptState.PAID, "notice": notice(), "paid_at": NOON, "balance_cents": 0}
    return attempt(reference, **(facts | changes))


def till_with(*attempts):
    return memory_stores(invoices=[invoice()], attempts=attempts)


class Letterbox:
    """Takes mails, or fails as it is told: before the mail left, or after."""

    def __init__(self, *failures):
        self.failures, self.sent = list(failures), []

    def __call__(self, attempt):
        failure = self.failures.pop(0) if self.failures else None
        if not isinstance(failure, MailThrottled | MailRefused):
            self.sent.append(attempt.receipt_email)
        if failure:
            raise failure


def send(stores, letterbox, clock=None):
    held = stores.payments.items["AAAAAA-BBBBBB"]
    return mail_once(held, "receipt_mail", send=letterbox, payments=stores.payments, clock=clock or clock_at_noon())


def test_numbers_follow_each_other_whatever_fails():
    stores = till_with(*(paid(f"R{n}") for n in range(6)))
    stores.writes.fail_at = {1: "before", 3: "after", 4: "before"}
    for reference in [*stores.payments.items] * 2:
        try:
            number_receipt(stores.payments.find(reference), stores=stores, clock=clock_at_noon())
        except Unavailable:
            continue
    assert sorted(one.receipt_number for one in stores.payments.items.values()) == [1, 2, 3, 4, 5, 6]


def test_only_a_payment_has_a_receipt():
    stores = till_with(attempt())
    with pytest.raises(NotFound):
        number_receipt(attempt(), stores=stores, clock=clock_at_noon())
    with pytest.raises(NotFound):
        receipt_of(attempt(), [invoice()], "Mme Dupont")


def test_document_is_drawn_once_and_stays():
    receipt = receipt_of(paid(receipt_number=1), [invoice()], "Mme Dupont")
    documents = FakeDocuments()
    first = keep_receipt(receipt, draw=lambda _: b"first", documents=documents)
    second = keep_receipt(receipt, draw=lambda _: b"second", documents=documents)
    assert first == second == documents.items[receipt_key("AAAAAA-BBBBBB")] == b"first"


def test_mail_leaves_once_however_many_ask():
    stores, letterbox = till_with(paid()), Letterbox()
    assert [send(stores, letterbox) for _ in range(5)] == [MailState.SENT, None, None, None, None]
    assert len(letterbox.sent) == 1


def test_two_tasks_that_claim_at_once_send_one_mail():
    stores, letterbox, before = till_with(paid()), Letterbox(), paid()
    with ThreadPoolExecutor(8) as crowd:
        done = list(
            crowd.map(
                lambda _: mail_once(
                    before, "receipt_mail", send=letterbox, payments=stores.payments, clock=clock_at_noon()
                ),
                range(8),
            )
        )
    assert sorted(filter(None, done)) == [MailState.SENT]
    assert len(letterbox.sent) == 1


@pytest.mark.parametrize(
    ("failure", "state"),
    [(MailRefused("bad"), MailState.UNDELIVERABLE), (Unavailable("SES"), MailState.NEEDS_REVIEW)],
)
def test_mail_that_nobody_can_vouch_for_is_never_sent_again(failure, state):
    stores, letterbox = till_with(paid()), Letterbox(failure)
    assert send(stores, letterbox) is state
    assert send(stores, letterbox) is None
    assert stores.payments.items["AAAAAA-BBBBBB"].needs_review_at(NOON)


def test_throttled_mail_is_tried_again():
    stores, letterbox = till_with(paid()), Letterbox(MailThrottled("rate"))
    with pytest.raises(MailThrottled):
        send(stores, letterbox)
    assert send(stores, letterbox) is MailState.SENT
    assert len(letterbox.sent) == 1


def test_mail_claimed_by_a_task_that_died_is_shown_and_not_sent_again():
    stores, letterbox = till_with(paid()), Letterbox()
    stores.writes.fail_at = {0: "after"}
    with pytest.raises(Unavailable):
        send(stores, letterbox)
    assert letterbox.sent == []
    clock = clock_at_noon()
    clock.advance(seconds=MAIL_CLAIM_TIMEOUT.total_seconds())
    swept = sweep(payments=stores.payments, clock=clock, start_mail=lambda *_: pytest.fail("not again"))
    assert [one.receipt_mail for one in swept.needs_review] == [MailState.NEEDS_REVIEW]


def test_receipt_of_several_lists_what_was_paid_and_left_of_each():
    invoices, started = several(3)
    parts = tuple(part.model_copy(update={"balance_cents": n}) for n, part in enumerate(started.parts))
    facts = {"state": AttemptState.PAID, "notice": notice(), "paid_at": NOON, "receipt_number": 7}
    receipt = receipt_of(started.settling(parts).model_copy(update=facts), invoices, "Mme Dupont")
    assert [(line.invoice_number, line.paid_cents, line.balance_cents) for line in receipt.lines] == [
        ("169165", 5700, 0),
        ("169167", 5800, 1),
        ("169169", 5900, 2),
    ]
    assert (receipt.paid_cents, receipt.balance_cents, receipt.billed_cents) == (17400, 3, 17400)
