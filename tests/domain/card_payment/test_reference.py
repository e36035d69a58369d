"""References nobody can guess, recognised however they are typed."""

import secrets

import pytest

from chalicelib.domain.card_payment.reference import canonical_reference, new_reference
from chalicelib.domain.payment import REFERENCE


def test_a_reference_fits_pbx_cmd_and_is_never_the_same():
    references = {new_reference(secrets.token_bytes) for _ in range(1000)}
    assert len(references) == 1000
    assert all(REFERENCE.fullmatch(reference) and len(reference) == 27 for reference in references)


def test_a_reference_carries_every_bit_of_its_120():
    def only(bit):
        return lambda size_bytes: (1 << bit).to_bytes(size_bytes, "big")

    assert len({new_reference(only(bit)) for bit in range(120)}) == 120
    assert new_reference(bytes) == "AAAAAA-AAAAAA-AAAAAA-AAAAAA"


GENUINE = "ABCDEF-GHIJKL-MNOPQR-STUV23"


@pytest.mark.parametrize(
    "typed",
    [
        GENUINE,
        GENUINE.lower(),
        "abcdefGHIJKLmnopqrSTUV23",
        " ABCDEF GHIJKL\u00a0MNOPQR STUV23\n",
        "ABCDEF–GHIJKL—MNOPQR_STUV23",
        "ABC-DEFGHI-JKLMNO-PQRSTU-V23",
    ],
)
def test_a_reference_is_recognised_however_it_is_typed(typed):
    assert canonical_reference(typed) == GENUINE


@pytest.mark.parametrize(
    "typed", ["", "169165", "CHQ 12", "AAAAAA-BBBBBB", f"{GENUINE}4", GENUINE[:-1], f"é{GENUINE[1:]}"]
)
def test_any_other_text_stays_as_it_was_typed(typed):
    assert canonical_reference(f" {typed} ") == typed


def test_a_reference_that_the_portal_draws_is_canonical():
    assert all(canonical_reference(one) == one for one in (new_reference(secrets.token_bytes) for _ in range(100)))
