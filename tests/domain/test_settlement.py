"""What agents type is compared folded: references and payment methods."""

from datetime import date

import pytest

from chalicelib.domain.settlement import Settlement, fold_reference, fold_to_letters


def settlement(means="cheque", reference="CHQ 12", **changes):
    facts = {"received_on": date(2026, 6, 9), "number": "169165", "amount_cents": 2000}
    return Settlement(means=means, reference=reference, **(facts | changes))


@pytest.mark.parametrize(
    ("typed", "reference", "letters"),
    [
        ("CHQ 12", "chq12", "chq12"),
        ("CHQ\u00a000012", "chq12", "chq00012"),
        ("0012345", "12345", "0012345"),
        ("chq-12\u201345", "chq1245", "chq1245"),
        ("Espèces, R 1", "especes,r1", "especesr1"),
        ("che\u0300que", "cheque", "cheque"),
        ("ﬁn ②", "fin2", "fin2"),
        ("STRASSE", "strasse", "strasse"),
        ("Straße", "strasse", "strasse"),
        ("12/3", "12/3", "123"),
        ("000", "0", "000"),
        ("P100", "p100", "p100"),
        (" - ", "", ""),
    ],
)
def test_a_reference_forgets_case_accents_spaces_dashes_and_leading_zeros(typed, reference, letters):
    assert (fold_reference(typed), fold_to_letters(typed)) == (reference, letters)


def test_the_key_forgets_how_the_reference_is_typed_and_by_which_method():
    same = settlement(means="virement", reference="chq\u00a0012", number="169167")
    assert same.key() == settlement().key()
    others = (settlement(reference="CHQ13"), settlement(received_on=date(2026, 6, 8)), settlement(amount_cents=2001))
    assert len({settlement().key(), settlement().key(2), *(other.key() for other in others)}) == 5
