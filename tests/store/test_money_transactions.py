"""One contract for the stores that money touches, over DynamoDB as moto has it and over the tests' own fake."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.bank_notice import NoticeOutcome, StoredNotice
from chalicelib.domain.invoice import Document, InvoiceState
from chalicelib.domain.ledger import EntryKind, LedgerEntry
from chalicelib.domain.movement import Movement, apply_effect
from chalicelib.domain.payment import Alarm, AttemptState
from chalicelib.store.payments import Work
from tests.support.payments.payment_events import NOON, attempt
from tests.support.people import invoice

NEW = invoice("180000")


@pytest.fixture
def stores(stores):
    """With an invoice, its row and an attempt at paying it."""
    assert stores.invoices.add(NEW)
    stores.summaries.put_rows("dupont", [NEW.summary])
    assert stores.payments.add(mine())
    return stores


def mine(**changes):
    return attempt(**changes).model_copy(update={"invoice_number": NEW.number})


def entry(key="card#1", cents=1000, day=10):
    return LedgerEntry(
        key=key,
        kind=EntryKind.CARD,
        invoice_number=NEW.number,
        username="dupont",
        applied_cents=cents,
        surplus_cents=0,
        counted_on=date(2026, 6, day),
        booked_at=NOON,
    )


def movement(stores, booked, **attempts):
    before = stores.invoices.find("dupont", NEW.number)
    return Movement(entry=booked, before=before, after=apply_effect(before, booked.effect), **attempts)


def balances(stores):
    row = next(row for row in stores.summaries.find("dupont") if row.number == NEW.number)
    return stores.invoices.find("dupont", NEW.number).balance_cents, row.balance_cents


def test_reference_is_used_once(stores):
    assert not stores.payments.add(mine(state=AttemptState.PAID))
    assert stores.payments.find("AAAAAA-BBBBBB") == mine()


def test_movement_is_written_whole(stores):
    paid = mine().changed(NOON, state=AttemptState.PAID)
    moved = movement(stores, entry(), attempt_before=mine(), attempt_after=paid)
    assert stores.money.write(moved)
    assert balances(stores) == (4700, 4700)
    assert stores.payments.find("AAAAAA-BBBBBB") == paid
    assert stores.ledger.of(NEW.number) == [entry()]


def stale_invoice(stores):
    moved = movement(stores, entry("card#2"))
    assert stores.money.write(movement(stores, entry("card#3", 200)))
    return moved


def stale_attempt(stores):
    moved = movement(stores, entry("card#2"), attempt_before=mine(), attempt_after=mine().changed(NOON, closed_at=NOON))
    assert stores.payments.replace(mine(), mine().changed(NOON, state=AttemptState.REFUSED))
    return moved


def same_entry(stores):
    assert stores.money.write(movement(stores, entry("card#2", 200)))
    return movement(stores, entry("card#2"))


@pytest.mark.parametrize("stale", [stale_invoice, stale_attempt, same_entry])
def test_movement_of_what_changed_meanwhile_writes_nothing(stores, stale):
    moved = stale(stores)
    before = balances(stores), len(stores.ledger.of(NEW.number)), stores.payments.find("AAAAAA-BBBBBB")
    assert not stores.money.write(moved)
    assert (balances(stores), len(stores.ledger.of(NEW.number)), stores.payments.find("AAAAAA-BBBBBB")) == before


def test_document_attached_since_the_invoice_was_read_stays(stores):
    moved = movement(stores, entry())
    document = Document(key="k", sha256="0" * 64, size_bytes=10, drawn_at=NOON)
    stores.invoices.attach_document("dupont", NEW.number, document)
    assert stores.money.write(moved)
    assert stores.invoices.find("dupont", NEW.number).document == document


def test_attempt_that_the_same_writer_already_wrote_stops_its_movement(stores):
    claimed = mine().changed(NOON, state=AttemptState.PAID, written_by="a task")
    assert stores.payments.replace(mine(), claimed)
    assert not stores.money.write(movement(stores, entry(), attempt_before=mine(), attempt_after=claimed))
    assert stores.ledger.of(NEW.number) == []


def test_movement_of_an_invoice_or_an_attempt_that_is_not_there_writes_nothing(stores):
    gone, unknown = invoice("999999"), mine(reference="CCCCCC-DDDDDD")
    of_gone = Movement(entry=entry(), before=gone, after=apply_effect(gone, entry().effect))
    paid = unknown.changed(NOON, state=AttemptState.PAID)
    assert not stores.money.write(of_gone)
    assert not stores.money.write(movement(stores, entry(), attempt_before=unknown, attempt_after=paid))
    assert not stores.money.number_receipt(unknown, unknown.changed(NOON, receipt_number=1))
    assert (list(stores.ledger.every()), stores.money.last_receipt(), balances(stores)) == ([], 0, (5700, 5700))


def test_movements_of_two_invoices_of_an_account_are_written_together_or_not_at_all(stores):
    other = invoice("180002", billed_cents=1200)
    assert stores.invoices.add(other)
    stores.summaries.put_rows("dupont", [other.summary])
    of_other = entry("card#2").model_copy(update={"invoice_number": "180002"})
    pair = (
        movement(stores, entry("card#2")),
        Movement(entry=of_other, before=other, after=apply_effect(other, of_other.effect)),
    )
    assert stores.money.write(*pair)
    rows = {row.number: row.balance_cents for row in stores.summaries.find("dupont")}
    assert (rows[NEW.number], rows["180002"]) == (4700, 200)
    stale = movement(stores, entry("card#3"))
    assert not stores.money.write(stale, pair[1])
    assert [one.key for one in stores.ledger.of(NEW.number)] == ["card#2"]
    assert [one.invoice_number for one in stores.ledger.of_account("dupont", since=date(2026, 6, 10))] == [
        "180000",
        "180002",
    ]
    assert stores.ledger.of_account("dupont", since=date(2026, 6, 11)) == []


def test_an_invoice_changes_without_money_with_its_row_unless_it_moved_meanwhile(stores):
    before = stores.invoices.find("dupont", NEW.number)
    assert stores.money.change_invoice(before, before.model_copy(update={"direct_debit": True}))
    assert stores.invoices.find("dupont", NEW.number).direct_debit
    assert [row.direct_debit for row in stores.summaries.find("dupont") if row.number == NEW.number] == [True]
    assert stores.money.write(movement(stores, entry()))
    assert not stores.money.change_invoice(before, before.model_copy(update={"label": "Cantine"}))


def test_movement_of_an_invoice_that_is_not_visible_writes_no_row(stores):
    prepared = invoice("180001", "martin", state=InvoiceState.PREPARED)
    assert stores.invoices.add(prepared)
    assert stores.money.write(Movement(entry=entry(), before=prepared, after=apply_effect(prepared, entry().effect)))
    assert stores.invoices.find("martin", "180001").paid_cents == 1000
    assert stores.summaries.find("martin") == ()


def test_receipts_are_numbered_in_turn(stores):
    first, second = mine(), mine(reference="CCCCCC-DDDDDD")
    assert stores.payments.add(second)
    assert stores.money.last_receipt() == 0
    assert stores.money.number_receipt(first, first.changed(NOON, receipt_number=1))
    assert not stores.money.number_receipt(second, second.changed(NOON, receipt_number=1))
    assert not stores.money.number_receipt(second, second.changed(NOON, receipt_number=3))
    assert stores.money.number_receipt(second, second.changed(NOON, receipt_number=2))
    assert stores.money.last_receipt() == 2


def test_write_of_our_own_that_seemed_to_fail_is_known_again(stores):
    claimed = mine().changed(NOON, receipt_mail="CLAIMED", written_by="a task")
    assert stores.payments.replace(mine(), claimed)
    assert stores.payments.replace(mine(), claimed), "the same writer, whose first answer was lost"
    assert not stores.payments.replace(mine(), claimed.model_copy(update={"written_by": "another task"}))


@pytest.mark.parametrize(
    ("changes", "work"),
    [
        ({}, Work.OPEN),
        ({"state": AttemptState.NEEDS_REVIEW}, Work.OPEN),
        ({"state": AttemptState.PAID}, Work.OPEN),
        ({"state": AttemptState.CANCELLED, "closed_at": NOON}, None),
        ({"state": AttemptState.REFUSED, "closed_at": NOON}, Work.OPEN),
        ({"state": AttemptState.PAID, "receipt_mail": "SENT"}, None),
        ({"state": AttemptState.PAID, "receipt_mail": "SENT", "alarms": (Alarm.PAID_TWICE,)}, Work.NEEDS_REVIEW),
        ({"state": AttemptState.PAID, "receipt_mail": "UNSURE"}, Work.NEEDS_REVIEW),
    ],
)
def test_attempts_are_listed_by_the_work_they_leave(stores, changes, work):
    before = mine()
    if changes:
        assert stores.payments.replace(before, before.changed(NOON, **changes))
    listed = {kind: [one.reference for one in stores.payments.at_work(kind)] for kind in Work}
    assert listed == {kind: ["AAAAAA-BBBBBB"] if kind is work else [] for kind in Work}
    assert [one.reference for one in stores.payments.of_invoice(NEW.number)] == ["AAAAAA-BBBBBB"]


def test_entries_are_read_by_day(stores):
    for key, day in (("card#1", 9), ("card#2", 10), ("card#3", 12)):
        assert stores.money.write(movement(stores, entry(key, 100, day)))
    found = stores.ledger.between(date(2026, 6, 10), date(2026, 6, 12))
    assert [one.key for one in found] == ["card#2", "card#3"]
    assert len(list(stores.ledger.every())) == 3


def test_message_waits_until_it_is_concluded(stores):
    kept = StoredNotice(digest="d1", received_at=NOON, source="192.0.2.1", known_source=True, raw="Mt=1&\xff")
    assert stores.notices.keep(kept)
    assert not stores.notices.keep(kept)
    later = NOON + timedelta(minutes=1)
    assert list(stores.notices.waiting(NOON)) == []
    assert list(stores.notices.waiting(later)) == [kept]
    stores.notices.conclude(kept, NoticeOutcome.PAID)
    stores.notices.conclude(kept, NoticeOutcome.NOTHING_NEW)
    assert list(stores.notices.waiting(later)) == []
