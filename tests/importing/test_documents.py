"""PDFs taken over from other software: whole ones are kept as they are, others are told."""

import pytest

from chalicelib.importing.documents import MAX_BYTES, read_document
from chalicelib.importing.rows import CellRefused
from chalicelib.wording import importing as wording
from tests.support.proofs import PDF


@pytest.mark.parametrize("content", [PDF, b"\xef\xbb\xbf" + PDF, b"\n" + PDF, PDF + b"\0" * 3000])
def test_a_whole_pdf_is_read_byte_for_byte_with_what_stands_around_it(tmp_path, content):
    (tmp_path / "169165.pdf").write_bytes(content)
    assert read_document(tmp_path, "169165") == content


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (PDF[:40], wording.NOT_A_PDF),
        (b"<html>" + PDF, wording.NOT_A_PDF),
        (PDF[:-6] + b" " * MAX_BYTES + b"%%EOF\n", wording.LARGE_DOCUMENT),
    ],
    ids=["cut short", "web page", "too large"],
)
def test_what_the_portal_could_not_serve_is_told(tmp_path, content, reason):
    (tmp_path / "169165.pdf").write_bytes(content)
    with pytest.raises(CellRefused) as refusal:
        read_document(tmp_path, "169165")
    assert refusal.value.reason == reason


def test_a_missing_pdf_is_told(tmp_path):
    with pytest.raises(CellRefused) as refusal:
        read_document(tmp_path, "169165")
    assert refusal.value.reason == wording.NO_DOCUMENT
