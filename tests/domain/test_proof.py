"""What a proof is, by its content alone."""

import pytest

from chalicelib.domain.proof import ProofKind, kind_of
from tests.support.proofs import IMPOSTORS, JPEG, PDF, PNG, segment


@pytest.mark.parametrize(("content", "kind"), [(PDF, "pdf"), (PNG, "png"), (JPEG, "jpg")])
def test_three_kinds_are_recognised(content, kind):
    assert kind_of(content) is ProofKind(kind)


@pytest.mark.parametrize("content", IMPOSTORS.values(), ids=IMPOSTORS)
def test_anything_else_is_nothing(content):
    assert kind_of(content) is None


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\r\n", b"\xef\xbb\xbf\n \n"])
@pytest.mark.parametrize("after", [b"", b"\r\n\r\n", b"\0" * 5000, b"\x1a"])
def test_a_pdf_may_have_a_mark_or_blanks_before_it_and_padding_after_it(before, after):
    assert kind_of(before + PDF + after) is ProofKind.PDF


@pytest.mark.parametrize("before", [b"GIF89a", b"\n" * 2000, b"%%EOF startxref", b"\xef\xbb"])
def test_a_pdf_behind_anything_else_is_no_pdf(before):
    assert kind_of(before + PDF) is None


def test_padding_hides_no_missing_end():
    assert kind_of(PDF[:40] + b"\0" * 5000) is None


def test_a_photo_with_what_its_camera_adds_is_a_photo():
    with_exif = JPEG[:2] + segment(0xE1, b"Exif\0\0" + b"\xff\xd9" * 100) + JPEG[2:] + b"MotionPhoto_Data"
    assert kind_of(with_exif) is ProofKind.JPEG


@pytest.mark.parametrize("content", [PDF, PNG, JPEG])
def test_no_beginning_of_a_file_is_taken_for_the_file(content):
    assert {kind_of(content[:length]) for length in range(len(content) - 5)} == {None}
