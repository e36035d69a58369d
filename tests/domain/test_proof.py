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


def test_a_photo_with_what_its_camera_adds_is_a_photo():
    with_exif = JPEG[:2] + segment(0xE1, b"Exif\0\0" + b"\xff\xd9" * 100) + JPEG[2:] + b"MotionPhoto_Data"
    assert kind_of(with_exif) is ProofKind.JPEG


@pytest.mark.parametrize("content", [PDF, PNG, JPEG])
def test_no_beginning_of_a_file_is_taken_for_the_file(content):
    assert {kind_of(content[:length]) for length in range(len(content) - 5)} == {None}
