"""What a receipt states, read back from the PDF."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.receipt import Receipt, ReceiptLine
from chalicelib.pdf.receipt import draw_receipt
from tests.support.papers import DRAWN_AT, TOWN, outline, page_texts, text

RECEIPT = Receipt(
    number=1204,
    lines=(
        ReceiptLine(
            invoice_number="0169165",
            invoice_label="Restauration Scolaire Mai Juillet 2026",
            billed_cents=5700,
            paid_cents=3700,
            balance_cents=2000,
        ),
    ),
    username="dupont",
    holder="Mme Éloïse Dupont",
    paid_at=datetime(2026, 6, 10, 22, 5, tzinfo=UTC),
    card_ending="44",
    authorisation="168A42",
    transaction="51824690",
    reference="4f3c9b2e-77aa01",
)


def draw(town=TOWN, **changes):
    return draw_receipt(RECEIPT.model_copy(update=changes), town=town, drawn_at=DRAWN_AT)


@pytest.mark.parametrize(
    "said",
    [
        "Ville de Saint-Aubin-les-Pins",
        "Reçu de paiement n° 1204",
        "Facture n° 0169165 – Restauration Scolaire Mai Juillet 2026",
        "Régie des activités péri et extrascolaires (Régie de recettes de la Ville de Saint-Aubin-les-Pins) a reçu de",
        "Mme Éloïse Dupont la somme de 37,00 € par carte bancaire.",
        "Compte famille dupont – Mme Éloïse Dupont",
        "Montant facturé 57,00 €",
        "Réglé par ce paiement 37,00 €",
        "Reste à payer après ce paiement 20,00 €",
        "Date et heure (Paris) 11 juin 2026 à 0 h 05",
        "Moyen de paiement Carte bancaire ** 44",
        "Numéro d’autorisation 168A42",
        "Transaction Paybox 51824690",
        "Référence du portail 4f3c9b2e-77aa01",
        "Une réclamation ? Guichet unique : 04 00 00 00 10",
        "Régie : regie@saint-aubin-les-pins.example.org",
    ],
)
def test_receipt_says(said):
    assert said in text(draw())


def test_card_may_be_unknown():
    said = text(draw(card_ending=""))
    assert "Moyen de paiement Carte bancaire Numéro" in said
    assert "**" not in said


def test_mediator_is_named_when_the_town_has_one():
    town = TOWN.model_copy(update={"mediator": "Médiateur des Pins, 2 rue de la Mer."})
    assert "Sans réponse satisfaisante : Médiateur des Pins, 2 rue de la Mer." in text(draw(town))
    assert "Sans réponse" not in text(draw())


def test_receipt_is_one_page_and_the_same_bytes_twice():
    assert len(page_texts(draw())) == 1
    assert draw().content == draw().content


def test_facts_are_a_table_of_headers_and_values():
    lines = outline(draw()).splitlines()
    assert lines.count("      TH") == lines.count("      TD") == 10
    assert "  H1" in lines


SEVERAL = (
    RECEIPT.lines[0],
    ReceiptLine(
        invoice_number="169204", invoice_label="Accueil de loisirs", billed_cents=4400, paid_cents=4400, balance_cents=0
    ),
)


@pytest.mark.parametrize(
    "said",
    [
        "2 factures",
        "la somme de 81,00 € par carte bancaire.",
        "0169165 Restauration Scolaire Mai Juillet 2026 57,00 € 37,00 € 20,00 €",
        "169204 Accueil de loisirs 44,00 € 44,00 € 0,00 €",
        "Total 101,00 € 81,00 € 20,00 €",
        "Montant facturé 101,00 €",
        "Réglé par ce paiement 81,00 €",
        "Reste à payer après ce paiement 20,00 €",
    ],
)
def test_receipt_of_several_invoices_lists_them_with_their_total(said):
    assert said in text(draw(lines=SEVERAL))


def test_receipt_of_twenty_invoices_names_them_all_on_two_pages_at_most():
    line = RECEIPT.lines[0]
    lines = tuple(line.model_copy(update={"invoice_number": f"17000{n}"}) for n in range(20))
    drawn = draw(lines=lines)
    assert len(page_texts(drawn)) <= 2
    assert all(one.invoice_number in text(drawn) for one in lines)
