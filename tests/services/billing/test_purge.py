"""What the retention ended is removed whole, its accounting trail apart; what must stay says why."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.card_payment.share import Share
from chalicelib.domain.delivery import Outcome, delivery_of
from chalicelib.domain.invoice import Document
from chalicelib.domain.legal_retention import KeepReason
from chalicelib.domain.payment import AttemptState
from chalicelib.errors import Unavailable
from chalicelib.services.account.erasure import ERASED
from chalicelib.services.billing.purge import Purge, purge
from chalicelib.services.payments.receipts import receipt_key
from chalicelib.store.documents import invoice_key
from tests.support.fakes.stores import NOW, memory_stores
from tests.support.payments.payment_events import attempt
from tests.support.people import invoice

TODAY = date(2026, 6, 10)
OLD = date(2016, 6, 10)
REFERENCE = "AAAAAA-BBBBBB"
PDF, RECEIPT = invoice_key("169165"), receipt_key(REFERENCE)


def archive(**changes):
    """A paid invoice of ten years ago with its document, its outcome, its payment by card and the receipt."""
    old = invoice(**{"issued_on": OLD, "paid_cents": 5700, "run": "2016-06-x"} | changes)
    stores = memory_stores(invoices=[old], attempts=[attempt(state=AttemptState.PAID)])
    stores.documents.items |= {PDF: b"%PDF", RECEIPT: b"%PDF"}
    stores.deliveries.put_first(delivery_of("2016-06-x", old, Outcome.SENT, NOW))
    return stores


def purged(stores, *, dry_run=False, years=10):
    return purge(today=TODAY, years=years, stores=stores, now=NOW, dry_run=dry_run)


def left(stores):
    """What may be purged, and is still there."""
    rows = [row.number for row in stores.summaries.find("dupont")]
    receipt_email = stores.payments.find(REFERENCE).receipt_email
    addresses = [] if receipt_email == ERASED else [receipt_email]
    return [*stores.invoices.items, *rows, *stores.documents.items, *stores.deliveries.items, *addresses]


def test_an_invoice_goes_with_its_row_its_documents_its_outcome_and_the_payer_s_address():
    stores = archive()
    assert purged(stores) == Purge(read=1, purged=1, cents=5700)
    assert left(stores) == []


def test_the_payment_and_the_number_stay():
    stores = archive()
    purged(stores)
    assert (stores.payments.find(REFERENCE).amount_cents, stores.invoices.owner("169165")) == (5700, "dupont")


@pytest.mark.parametrize(
    ("changes", "years", "reason"),
    [
        ({"paid_cents": 5699}, 10, KeepReason.UNPAID),
        ({"surplus_cents": 1}, 10, KeepReason.SURPLUS),
        ({"issued_on": OLD + timedelta(days=1)}, 10, None),
        ({}, 11, None),
    ],
)
def test_what_is_not_settled_or_not_old_enough_is_kept_whole(changes, years, reason):
    stores = archive(**changes)
    with stores.writes.none_expected():
        done = purged(stores, years=years)
    assert done == Purge(read=1, kept={"169165": reason} if reason else {})
    assert {PDF, RECEIPT} <= set(left(stores))


@pytest.mark.parametrize("key", [PDF, RECEIPT])
def test_one_locked_document_keeps_all_until_its_lock_ends(key):
    stores = archive()
    stores.documents.locks[key] = NOW + timedelta(seconds=1)
    with stores.writes.none_expected():
        assert purged(stores).kept == {"169165": KeepReason.LOCKED}
    del stores.documents.locks[key]
    assert (purged(stores).purged, left(stores)) == (1, [])


def test_a_lock_that_only_the_bucket_knows_of_keeps_the_invoice_and_its_row():
    stores = archive()
    stores.documents.locks[RECEIPT] = NOW
    assert purged(stores).kept == {"169165": KeepReason.LOCKED}
    assert {("dupont", "169165"), "169165", RECEIPT} <= set(left(stores))


def test_the_receipt_of_a_try_that_did_not_pay_is_not_looked_for():
    stores = archive()
    stores.payments.items[REFERENCE] = attempt(state=AttemptState.REFUSED)
    stores.documents.locks[RECEIPT] = NOW + timedelta(days=1)
    assert purged(stores).purged == 1
    assert left(stores) == [RECEIPT]


def test_an_invoice_whose_document_has_another_key_loses_that_one():
    document = Document(key="reprise/1.pdf", sha256="0" * 64, size_bytes=4, drawn_at=NOW)
    stores = archive(document=document)
    stores.documents.items["reprise/1.pdf"] = b"%PDF"
    purged(stores)
    assert left(stores) == [PDF]


def test_an_invoice_whose_money_moved_meanwhile_is_kept_and_named():
    stores = archive()
    drop_rows = stores.summaries.drop_rows

    def moved_first(username, numbers):
        stores.invoices.items["dupont", "169165"] = invoice(issued_on=OLD, paid_cents=5700, surplus_cents=5700)
        drop_rows(username, numbers)

    stores.summaries.drop_rows = moved_first
    assert purged(stores) == Purge(read=1, kept={"169165": KeepReason.CHANGED})
    assert stores.invoices.find("dupont", "169165").surplus_cents == 5700


def test_a_dry_run_counts_the_same_and_writes_nothing():
    stores = archive()
    with stores.writes.none_expected():
        previewed = purged(stores, dry_run=True)
    assert previewed == purged(stores) == Purge(read=1, purged=1, cents=5700)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("stop", range(6))
def test_a_purge_stopped_at_any_write_is_completed_by_the_next(stop, when):
    stores = archive()
    stores.writes.fail_at = {stores.writes.done + stop: when}
    with pytest.raises(Unavailable):
        purged(stores)
    purged(stores)
    assert left(stores) == []
    with stores.writes.none_expected():
        assert purged(stores) == Purge()


def test_each_invoice_read_is_told_as_progress():
    stores, told = archive(), []
    stores.invoices.add(invoice("2"))
    purge(today=TODAY, years=10, stores=stores, now=NOW, dry_run=True, progress=told.append)
    assert told == [1, 1]


def test_receipt_of_several_invoices_stays_until_the_last_is_purged():
    stores = archive()
    shares = (Share(invoice_number="169165", amount_cents=5700), Share(invoice_number="169204", amount_cents=4400))
    later = invoice("169204", billed_cents=4400, paid_cents=4400, issued_on=OLD + timedelta(days=30))
    stores.payments.items[REFERENCE] = attempt(cents=10100, shares=shares, state=AttemptState.PAID)
    stores.invoices.items["dupont", "169204"] = later
    assert (purged(stores).purged, RECEIPT in stores.documents.items) == (1, True)
    assert stores.payments.find(REFERENCE).receipt_email == "dupont@example.org"
    done = purge(today=TODAY + timedelta(days=30), years=10, stores=stores, now=NOW, dry_run=False)
    assert (done.purged, RECEIPT in stores.documents.items) == (1, False)
    assert stores.payments.find(REFERENCE).receipt_email == ERASED
