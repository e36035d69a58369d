"""Invoices, their numbers, documents and rows over moto: every write is safe to repeat."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.invoice import Document
from chalicelib.errors import NotFound, NumberTaken
from tests.support.people import DUPONT, invoice

DOCUMENT = Document(key="k", sha256="0" * 64, octets=10, drawn_at=datetime(2026, 6, 1, tzinfo=UTC))


def test_same_invoice_twice_is_written_once(portal):
    assert portal.stores.invoices.add(invoice("9"))
    assert portal.stores.invoices.add(invoice("9"))
    assert portal.stores.invoices.find("dupont", "9") == invoice("9")


def test_other_invoice_under_the_same_number_is_refused(portal):
    portal.stores.invoices.add(invoice("9"))
    assert not portal.stores.invoices.add(invoice("9", billed_cents=1))
    assert portal.stores.invoices.find("dupont", "9") == invoice("9")


def test_number_of_another_account_is_taken(portal):
    with pytest.raises(NumberTaken) as refusal:
        portal.stores.invoices.add(invoice("169165", "martin"))
    assert refusal.value.owner == "dupont"
    assert portal.stores.invoices.find("martin", "169165") is None


def test_leading_zeros_are_kept(portal):
    portal.stores.invoices.add(invoice("0016"))
    assert portal.stores.invoices.owner("0016") == "dupont"
    assert portal.stores.invoices.owner("16") is None


def test_first_document_stays(portal):
    first = portal.stores.invoices.attach_document("dupont", "169165", DOCUMENT)
    second = portal.stores.invoices.attach_document("dupont", "169165", DOCUMENT.model_copy(update={"octets": 11}))
    assert first == second
    assert second.document == DOCUMENT


def test_object_is_written_once(portal):
    assert portal.stores.documents.keep("a", b"premier").first
    again = portal.stores.documents.keep("a", b"second")
    assert (again.first, again.octets) == (False, 7)
    assert portal.stores.documents.read("a") == b"premier"
    with pytest.raises(NotFound):
        portal.stores.documents.read("b")


def test_rows_come_back_as_they_were_latest_first(portal):
    rows = [invoice("1", direct_debit=True).summary, invoice("2", label='Été « 2026 », "midi"').summary]
    portal.stores.summaries.put_rows("personne", rows)
    portal.stores.summaries.put_rows("personne", rows)
    assert portal.stores.summaries.find("personne") == tuple(reversed(rows))
    portal.stores.summaries.drop_rows("personne", ["1"])
    assert portal.stores.summaries.find("personne") == (rows[1],)


def test_account_changed_in_between_is_not_overwritten(portal):
    read = portal.stores.accounts.find("dupont")
    assert portal.stores.accounts.replace(read, read.model_copy(update={"email": None, "mobile": "+33600000000"}))
    assert not portal.stores.accounts.replace(read, read.model_copy(update={"landline": "+33400000000"}))
    now = portal.stores.accounts.find("dupont")
    assert (now.email, now.mobile, now.landline, now.version) == (None, "+33600000000", None, read.version + 1)
    assert portal.stores.accounts.by_email(DUPONT.email) == []
