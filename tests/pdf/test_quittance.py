"""What a quittance states, read back from the PDF, and how its duplicate differs."""

from datetime import date

import pytest

from chalicelib.domain.cash_desk.quittance import Quittance
from chalicelib.pdf.quittance import draw_quittance
from tests.support.papers import DRAWN_AT, TOWN, outline, page_texts, text

QUITTANCE = Quittance(
    number=12,
    invoice_number="0169165",
    invoice_label="Restauration Scolaire Mai Juillet 2026",
    username="dupont",
    payer="M. Łukasz Roussel",
    amount_cents=3700,
    surplus_cents=0,
    balance_cents=2000,
    method="cheque",
    reference="0012345",
    received_on=date(2026, 6, 9),
)


def draw(*, duplicate=False, undone=False, **changes):
    quittance = QUITTANCE.model_copy(update=changes)
    return draw_quittance(quittance, town=TOWN, drawn_at=DRAWN_AT, duplicate=duplicate, undone=undone)


@pytest.mark.parametrize(
    "said",
    [
        "Ville de Saint-Aubin-les-Pins",
        "Quittance n° 12",
        "Facture n° 0169165 – Restauration Scolaire Mai Juillet 2026",
        "Régie des activités péri et extrascolaires (Régie de recettes de la Ville de Saint-Aubin-les-Pins) a reçu de",
        "M. Łukasz Roussel la somme de 37,00 € par chèque.",
        "Compte famille dupont",
        "Reçu de M. Łukasz Roussel",
        "Reçu le 9 juin 2026",
        "Moyen de paiement chèque",
        "Référence 0012345",
        "Somme reçue 37,00 €",
        "Reste à payer après ce règlement 20,00 €",
        "Une réclamation ? Guichet unique : 04 00 00 00 10",
    ],
)
def test_quittance_says(said):
    assert said in text(draw())


def test_surplus_and_missing_reference():
    said = text(draw(surplus_cents=300, reference=""))
    assert "dont trop-perçu, à rendre ou à imputer 3,00 €" in said
    assert "Référence" not in said
    assert "trop-perçu" not in text(draw())


def test_first_drawing_has_no_mark():
    assert "DUPLICATA" not in text(draw())
    assert "ANNULÉE" not in text(draw())


def test_duplicate_is_marked_and_says_when_it_was_undone():
    assert "DUPLICATA" in text(draw(duplicate=True))
    assert "annulé" not in text(draw(duplicate=True))
    said = text(draw(duplicate=True, undone=True))
    assert "DUPLICATA – ANNULÉE" in said
    assert "Ce règlement a été annulé depuis : la facture n° 0169165 redevient à payer d’autant" in said


def test_quittance_is_one_page_and_the_same_bytes_twice():
    assert len(page_texts(draw())) == len(page_texts(draw(duplicate=True, undone=True))) == 1
    assert draw().content == draw().content


def test_facts_are_a_table_of_headers_and_values():
    lines = outline(draw()).splitlines()
    assert lines.count("      TH") == lines.count("      TD") == 8
    assert "  H1" in lines
