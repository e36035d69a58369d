"""The print room's one PDF: every page of every document, what they share written once, nothing foreign let in."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from chalicelib.pdf.format.merger import PDFMerger
from tests.support.papers import draw, invoice_of

DOCUMENTS = [draw(invoice_of(lines)).content for lines in (4, 25)]


def bound(documents):
    out = io.BytesIO()
    binder = PDFMerger(out)
    pages = [binder.add(document) for document in documents]
    binder.close()
    return pages, out.getvalue()


def texts(document):
    return [page.extract_text() for page in PdfReader(io.BytesIO(document)).pages]


def test_every_page_says_what_it_said_in_its_own_document():
    pages, document = bound(DOCUMENTS)
    assert texts(document) == [text for one in DOCUMENTS for text in texts(one)]
    assert pages == [len(texts(one)) for one in DOCUMENTS]


def test_what_documents_share_is_written_once():
    _, few = bound(DOCUMENTS[:1])
    _, many = bound(DOCUMENTS[:1] * 100)
    assert len(few) < len(DOCUMENTS[0])
    assert len(many) < len(few) + 100 * 300


def test_a_document_that_is_not_ours_is_refused_and_adds_nothing():
    writer, foreign = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(foreign)
    binder = PDFMerger(io.BytesIO())
    for content in (foreign.getvalue(), b"", DOCUMENTS[0][:-200]):
        with pytest.raises(ValueError, match=r".+"):
            binder.add(content)
    assert binder.pages == []
    with pytest.raises(ValueError, match="at least one page"):
        binder.close()
