"""Payment methods are a closed list, read in their common spellings."""

import pytest

from chalicelib.domain.payment_method import PaymentMethod, is_offset, is_return, method_of, method_read


@pytest.mark.parametrize(
    ("typed", "method"),
    [
        ("cheque", "cheque"),
        ("Chèque", "cheque"),
        ("CHQ", "cheque"),
        ("che\u0300que bancaire", "cheque"),
        ("Espèces", "especes"),
        ("Numéraire", "especes"),
        ("Virement SEPA", "virement"),
        ("PRLV", "prelevement"),
        ("Prélèvement automatique", "prelevement"),
        ("C.E.S.U.", "cesu"),
        ("Chèques-vacances", "ancv"),
        ("CB", "carte"),
        ("T.P.E.", "carte"),
        ("autre", "autre"),
    ],
)
def test_a_method_is_read_in_its_common_spellings(typed, method):
    assert method_of(typed) is PaymentMethod(method)


@pytest.mark.parametrize("typed", ["", "coquillages", "avoir", "rejet", "-"])
def test_what_is_no_method_is_none(typed):
    assert method_of(typed) is None
    assert method_read(typed) is PaymentMethod.OTHER


def test_offsets_and_returns_are_no_methods():
    typed = ("Avoir", "report d’avoir", "chèque", "rejet de prélèvement", "Chèque impayé")
    assert [is_offset(one) for one in typed] == [True, True, False, False, False]
    assert [is_return(one) for one in typed] == [False, False, False, True, True]
