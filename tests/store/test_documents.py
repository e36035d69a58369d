"""The bucket of documents, in memory and over moto: one contract; see also `test_invoices`."""

import hashlib

import pytest

from chalicelib.errors import NotFound


def test_first_document_of_a_key_stays_and_is_what_is_told(stores):
    first = stores.documents.keep("factures/1.pdf", b"%PDF first")
    again = stores.documents.keep("factures/1.pdf", b"%PDF another", "application/zip")
    assert (first.first, first.octets, first.sha256) == (True, 10, hashlib.sha256(b"%PDF first").hexdigest())
    assert (again.first, again.octets, again.sha256) == (False, first.octets, first.sha256)
    assert stores.documents.read("factures/1.pdf") == b"%PDF first"


def test_document_that_was_never_kept_is_not_found(stores):
    stores.documents.keep("factures/1.pdf", b"%PDF")
    with pytest.raises(NotFound):
        stores.documents.read("factures/2.pdf")
