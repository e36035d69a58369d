"""What agents type is compared in two ways, and keys stored from both are computed the same for ever."""

from datetime import date

import pytest

from chalicelib.domain.settlement import Settlement, fold_case, fold_to_letters


def settlement(means="Chèque", reference="CHQ 12", **changes):
    facts = {"received_on": date(2026, 6, 9), "number": "169165", "amount_cents": 2000}
    return Settlement(means=means, reference=reference, **(facts | changes))


@pytest.mark.parametrize(
    ("typed", "case", "letters"),
    [
        ("CHQ 12", "chq 12", "chq12"),
        ("CHQ\u00a012", "chq 12", "chq12"),
        ("Espèces, R 1", "espèces, r 1", "especesr1"),
        ("che\u0300que", "chèque", "cheque"),
        ("ﬁn ②", "fin 2", "fin2"),
        ("STRASSE", "strasse", "strasse"),
        ("Straße", "strasse", "strasse"),
        ("№ 7 — 8", "no 7 — 8", "No78"),
        ("- . /", "- . /", ""),
    ],
)
def test_case_is_folded_with_signs_kept_and_letters_are_all_that_the_other_keeps(typed, case, letters):
    assert (fold_case(typed), fold_to_letters(typed)) == (case, letters)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (settlement(), "other#2026-06-09#a8376f8555a2e603a80b58bf"),
        (settlement(means="espèces", reference=""), "other#2026-06-09#a90eb7958a03067d1218c672"),
    ],
)
def test_key_of_a_settlement_is_the_one_that_was_stored(line, key):
    assert line.key == key


def test_key_forgets_case_and_form_but_neither_spaces_nor_accents_nor_the_invoice():
    same = settlement(means="CHE\u0300QUE", reference="chq\u00a012", number="169167")
    assert same.key == settlement().key
    others = (settlement(reference="CHQ12"), settlement(means="Cheque"), settlement(amount_cents=2001))
    assert len({settlement().key, *(other.key for other in others)}) == 4
