"""Invoices, their numbers, documents and rows, in memory and over moto: every write is safe to repeat."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.invoice import Document, InvoiceState
from chalicelib.errors import NotFound, NumberTaken
from tests.support.people import DUPONT, invoice

RUN = "2026-06-0123456789"
DOCUMENT = Document(key="k", sha256="0" * 64, size_bytes=10, drawn_at=datetime(2026, 6, 1, tzinfo=UTC))


@pytest.fixture
def invoices(stores):
    """With one that dupont owes."""
    assert stores.invoices.add(invoice())
    return stores.invoices


def test_same_invoice_twice_is_written_once(invoices):
    assert invoices.add(invoice("9"))
    assert invoices.add(invoice("9"))
    assert invoices.find("dupont", "9") == invoice("9")


def test_other_invoice_under_the_same_number_is_refused(invoices):
    invoices.add(invoice("9"))
    assert not invoices.add(invoice("9", billed_cents=1))
    assert invoices.find("dupont", "9") == invoice("9")


def test_number_of_another_account_is_taken(invoices):
    with pytest.raises(NumberTaken) as refusal:
        invoices.add(invoice("169165", "martin"))
    assert refusal.value.owner == "dupont"
    assert invoices.find("martin", "169165") is None


def test_leading_zeros_are_kept(invoices):
    invoices.add(invoice("0016"))
    assert invoices.owner("0016") == "dupont"
    assert invoices.owner("16") is None


def test_first_document_stays(invoices):
    first = invoices.attach_document("dupont", "169165", DOCUMENT)
    second = invoices.attach_document("dupont", "169165", DOCUMENT.model_copy(update={"size_bytes": 11}))
    assert first == second
    assert second.document == DOCUMENT


def test_object_is_written_once(stores):
    assert stores.documents.keep("a", b"premier").first
    again = stores.documents.keep("a", b"second")
    assert (again.first, again.size_bytes) == (False, 7)
    assert stores.documents.read("a") == b"premier"
    with pytest.raises(NotFound):
        stores.documents.read("b")


def test_rows_come_back_as_they_were_latest_first(stores):
    rows = [invoice("1", direct_debit=True).summary, invoice("2", label='Été « 2026 », "midi"').summary]
    stores.summaries.put_rows("personne", rows)
    stores.summaries.put_rows("personne", rows)
    assert stores.summaries.find("personne") == tuple(reversed(rows))
    stores.summaries.drop_rows("personne", ["1"])
    assert stores.summaries.find("personne") == (rows[1],)


def test_invoice_is_found_by_its_number_alone_and_by_its_account_s(invoices):
    assert invoices.add(invoice("7", "martin"))
    assert invoices.find_by_number("7") == invoice("7", "martin")
    assert invoices.find_by_number("8") is None
    assert invoices.find("dupont", "7") is None
    assert list(invoices.find_many([("martin", "7"), ("dupont", "9"), ("dupont", "169165")])) == ["7", "169165"]
    assert invoices.find_many([("martin", "169165")]) == {}
    assert invoices.find_many([]) == {}


def test_owners_are_those_of_the_numbers_that_are_taken(invoices):
    assert invoices.add(invoice("7", "martin"))
    assert invoices.owners(["8", "7", "169165", "7"]) == {"7": "martin", "169165": "dupont"}
    assert invoices.owners([]) == {}


def test_more_invoices_are_found_at_once_than_a_batch_holds(invoices):
    numbers = [str(number) for number in range(120)]
    for number in numbers:
        assert invoices.add(invoice(number))
    assert list(invoices.find_many([("dupont", number) for number in numbers])) == numbers
    assert list(invoices.owners(numbers)) == numbers


def test_every_invoice_is_read_once(invoices):
    assert invoices.add(invoice("7", "martin"))
    assert sorted(one.number for one in invoices.every()) == ["169165", "7"]


def test_number_that_another_account_took_says_whose_it_is_though_its_invoice_was_never_written(invoices):
    assert not invoices.add(invoice(billed_cents=1, run=RUN))
    with pytest.raises(NumberTaken) as refusal:
        invoices.add(invoice(username="martin"))
    assert refusal.value.owner == "dupont"
    assert invoices.find("dupont", "169165") == invoice()


@pytest.mark.parametrize("change", [{"paid_cents": 5700}, {"surplus_cents": 1}, {"state": InvoiceState.CANCELLED}])
def test_an_invoice_whose_money_or_state_changed_since_it_was_read_is_not_removed(invoices, change):
    assert not invoices.remove(invoice(**change))
    assert invoices.find("dupont", "169165") == invoice()


def test_a_removed_invoice_leaves_its_number_taken_and_may_be_removed_again(invoices):
    assert invoices.remove(invoice())
    assert invoices.remove(invoice())
    assert (invoices.find("dupont", "169165"), invoices.owner("169165")) == (None, "dupont")


def test_account_changed_in_between_is_not_overwritten(portal):
    read = portal.stores.accounts.find("dupont")
    assert portal.stores.accounts.replace(read, read.model_copy(update={"email": None, "mobile": "+33600000000"}))
    assert not portal.stores.accounts.replace(read, read.model_copy(update={"landline": "+33400000000"}))
    now = portal.stores.accounts.find("dupont")
    assert (now.email, now.mobile, now.landline, now.version) == (None, "+33600000000", None, read.version + 1)
    assert portal.stores.accounts.by_email(DUPONT.email) == []
