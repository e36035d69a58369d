"""Invoices come in whole or not at all; twice is once; what was issued stays as it was issued."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.errors import Unavailable
from chalicelib.services.billing.invoice_import import Reason, import_invoices
from chalicelib.services.billing.legacy_documents import Takeover
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.stores import memory_stores
from tests.support.people import DUPONT, MARTIN, invoice


@pytest.fixture
def stores():
    return memory_stores(accounts=[DUPONT, MARTIN.model_copy(update={"direct_debit": True})])


def taking_over(stores, pdfs):
    return Takeover(pdfs.__getitem__, stores.documents, StoppedClock(datetime(2026, 6, 10, tzinfo=UTC)))


def refused(outcome):
    return [(refusal.line, refusal.number, refusal.reason) for refusal in outcome.refused]


def changed_fields(outcome):
    return [[difference.field for difference in refusal.differences] for refusal in outcome.refused]


FILE = [(2, invoice("1")), (5, invoice("2", "martin", billed_cents=-1200)), (6, invoice("3"))]


def test_new_invoices_are_added_with_their_row_and_counted_in_euros(stores):
    outcome = import_invoices(FILE, stores=stores)
    assert (outcome.added, outcome.added_cents, outcome.unchanged, outcome.refused) == (3, 10200, 0, [])
    assert stores.invoices.find("dupont", "3").billed_cents == 5700
    assert {row.number for row in stores.summaries.find("dupont")} == {"1", "3"}
    assert sorted(outcome.undrawn) == [("dupont", "1"), ("dupont", "3"), ("martin", "2")]


def test_the_account_says_whether_an_invoice_is_debited(stores):
    import_invoices(FILE, stores=stores)
    assert stores.invoices.find("martin", "2").direct_debit
    assert not stores.invoices.find("dupont", "1").direct_debit


def test_the_same_file_twice_changes_nothing(stores):
    import_invoices(FILE, stores=stores)
    with stores.writes.none_expected():
        outcome = import_invoices(FILE, stores=stores)
    assert (outcome.added, outcome.unchanged, outcome.refused) == (0, 3, [])


def test_a_dry_run_counts_and_writes_nothing(stores):
    with stores.writes.none_expected():
        outcome = import_invoices(FILE, stores=stores, dry_run=True)
    assert (outcome.added, outcome.added_cents) == (3, 10200)


def test_a_changed_invoice_is_refused_and_what_differs_is_named(stores):
    import_invoices(FILE, stores=stores)
    changed = invoice("1", due_on=date(2026, 7, 24), label="Autre")
    outcome = import_invoices([(2, changed), (3, invoice("9"))], stores=stores)
    assert refused(outcome) == [(2, "1", Reason.ALREADY_ISSUED)]
    assert changed_fields(outcome) == [["label", "due_on"]]
    assert stores.invoices.find("dupont", "1").due_on == date(2026, 6, 24)
    assert outcome.added == 1


def test_a_payment_the_file_has_not_heard_of_is_no_change_but_a_payment_we_have_not_heard_of_is(stores):
    import_invoices([(2, invoice("1", paid_cents=3000))], stores=stores)
    assert import_invoices([(2, invoice("1", paid_cents=0))], stores=stores).unchanged == 1
    assert changed_fields(import_invoices([(2, invoice("1", paid_cents=5700))], stores=stores)) == [["paid_cents"]]


def test_an_unknown_account_and_a_number_of_another_one_are_refused(stores):
    import_invoices(FILE, stores=stores)
    with stores.writes.none_expected():
        outcome = import_invoices([(2, invoice("8", "personne")), (3, invoice("1", "martin"))], stores=stores)
    assert refused(outcome) == [(2, "8", Reason.UNKNOWN_ACCOUNT), (3, "1", Reason.NUMBER_TAKEN)]


def test_an_import_stopped_anywhere_is_completed_by_the_next_one(stores):
    import_invoices(FILE, stores=stores)
    whole, writes = stores.summaries.items, stores.writes.done
    for stop in range(writes):
        again = memory_stores(accounts=stores.accounts.items.values())
        again.writes.fail_from = stop
        with pytest.raises(Unavailable):
            import_invoices(FILE, stores=again)
        again.writes.fail_from = None
        import_invoices(FILE, stores=again)
        assert again.invoices.items == stores.invoices.items
        assert {name: dict(sorted(rows.items())) for name, rows in again.summaries.items.items()} == whole


def test_a_row_that_a_payment_wrote_meanwhile_stays(stores):
    paid = invoice("1", paid_cents=5700).summary
    stores.summaries.put_rows("dupont", [paid])
    import_invoices(FILE, stores=stores)
    assert paid in stores.summaries.find("dupont")


def test_a_list_never_names_an_invoice_that_does_not_exist(stores):
    for stop in range(8):
        again = memory_stores(accounts=stores.accounts.items.values())
        again.writes.fail_from = stop
        with pytest.raises(Unavailable):
            import_invoices(FILE, stores=again)
        listed = {(name, number) for name, rows in again.summaries.items.items() for number in rows}
        assert listed <= again.invoices.items.keys()


def test_what_another_import_wrote_in_between_is_compared(stores, monkeypatch):
    import_invoices([(2, invoice("1", paid_cents=3000)), *FILE[1:]], stores=stores)
    monkeypatch.setattr(stores.invoices, "owners", lambda numbers: {})
    late = [(2, invoice("1")), (3, invoice("2")), (4, invoice("3", label="Autre"))]
    outcome = import_invoices(late, stores=stores)
    assert refused(outcome) == [(3, "2", Reason.NUMBER_TAKEN), (4, "3", Reason.ALREADY_ISSUED)]
    assert (outcome.added, outcome.unchanged) == (0, 1)


def test_a_document_taken_over_is_kept_byte_for_byte(stores):
    pdfs = {number: f"%PDF-1.4 {number} %%EOF".encode() for number in ("1", "2", "3")}
    outcome = import_invoices(FILE, stores=stores, takeover=taking_over(stores, pdfs))
    assert outcome.undrawn == []
    kept = stores.invoices.find("dupont", "1").document
    assert stores.documents.items[kept.key] == pdfs["1"]
    assert {row.size_bytes for row in stores.summaries.find("dupont")} == {len(pdfs["1"])}
    with stores.writes.none_expected():
        again = import_invoices(FILE, stores=stores, takeover=taking_over(stores, pdfs))
    assert again.unchanged == 3


def test_another_document_for_an_invoice_that_has_one_is_refused(stores):
    pdfs = dict.fromkeys(("1", "2", "3"), b"%PDF-1.4 %%EOF")
    import_invoices(FILE, stores=stores, takeover=taking_over(stores, pdfs))
    outcome = import_invoices(FILE, stores=stores, takeover=taking_over(stores, pdfs | {"1": b"%PDF-1.7 %%EOF"}))
    assert refused(outcome) == [(2, "1", Reason.ALREADY_ISSUED)]
    assert changed_fields(outcome) == [["document"]]


def test_an_orphan_document_of_another_content_is_never_overwritten(stores):
    stores.documents.keep("factures/1.pdf", b"%PDF-1.4 older %%EOF")
    pdfs = dict.fromkeys(("1", "2", "3"), b"%PDF-1.4 %%EOF")
    outcome = import_invoices(FILE, stores=stores, takeover=taking_over(stores, pdfs))
    assert refused(outcome) == [(2, "1", Reason.ALREADY_ISSUED)]
    assert stores.invoices.find("dupont", "1") is None


def test_an_invoice_that_came_without_document_gets_it_at_the_takeover(stores):
    import_invoices(FILE, stores=stores)
    pdfs = dict.fromkeys(("1", "2", "3"), b"%PDF-1.4 %%EOF")
    outcome = import_invoices(FILE, stores=stores, takeover=taking_over(stores, pdfs))
    assert (outcome.unchanged, outcome.undrawn) == (3, [])
    assert all(row.size_bytes == 14 for row in stores.summaries.find("dupont"))


def test_progress_adds_up_to_the_file(stores):
    told, asked, find_many = [], [], stores.accounts.find_many
    stores.accounts.find_many = lambda usernames: asked.append(len(usernames)) or find_many(usernames)
    many = [(line, invoice(str(line))) for line in range(2, 252)]
    import_invoices(many, stores=stores, progress=told.append)
    assert told == [100, 100, 50]
    assert max(asked) <= 100
