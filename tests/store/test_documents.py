"""The bucket of documents, in memory and over moto: one contract; see also `test_invoices`."""

import hashlib
from datetime import UTC, datetime

import pytest

from chalicelib.errors import NotFound


def test_first_document_of_a_key_stays_and_is_what_is_told(stores):
    first = stores.documents.keep("factures/1.pdf", b"%PDF first")
    again = stores.documents.keep("factures/1.pdf", b"%PDF another", "application/zip")
    assert (first.first, first.size_bytes, first.sha256) == (True, 10, hashlib.sha256(b"%PDF first").hexdigest())
    assert (again.first, again.size_bytes, again.sha256) == (False, first.size_bytes, first.sha256)
    assert stores.documents.read("factures/1.pdf") == b"%PDF first"


def test_document_that_was_never_kept_is_not_found(stores):
    stores.documents.keep("factures/1.pdf", b"%PDF")
    with pytest.raises(NotFound):
        stores.documents.read("factures/2.pdf")


def test_a_document_that_was_kept_is_locked_and_cannot_be_erased(stores):
    stores.documents.keep("factures/1.pdf", b"%PDF")
    assert stores.documents.is_locked("factures/1.pdf", datetime.now(UTC))
    assert not stores.documents.erase("factures/1.pdf")
    assert stores.documents.read("factures/1.pdf") == b"%PDF"


def test_a_document_that_is_not_there_is_not_locked_and_its_erasure_is_safe_to_repeat(stores):
    stores.documents.keep("factures/10.pdf", b"%PDF")
    assert not stores.documents.is_locked("factures/1", datetime.now(UTC)), "the beginning of another key"
    assert stores.documents.erase("factures/1")
    assert stores.documents.erase("factures/1")
