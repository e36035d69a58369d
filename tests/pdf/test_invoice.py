"""What an invoice says, read back from the PDF."""

from decimal import Decimal

import pytest

from chalicelib.domain.invoice import InvoiceState
from chalicelib.services.authentication.activation_code import CODE_LASTS
from chalicelib.wording.documents import ACTIVATION_DAYS
from tests.support.papers import CODE, PAYMENT_URL, TOWN, draw, invoice_of, page_texts, placed, reader, text
from tests.support.people import DUPONT, invoice, line

OPENED = DUPONT.model_copy(update={"password_hash": "$2b$12$"})


@pytest.mark.parametrize(
    "said",
    [
        "Ville de Saint-Aubin-les-Pins",
        "Régie des activités péri et extrascolaires Régie de recettes de la Ville de Saint-Aubin-les-Pins",
        "Hôtel de ville 1 place de la Pinède 06990 Saint-Aubin-les-Pins",
        "Mme Éloïse Dupont 12 allée des Mûriers 06990 Saint-Aubin-les-Pins",
        "Facture n° 169165 Restauration Scolaire Mai Juillet 2026",
        "Période : mai à juillet 2026",
        "Identifiant dupont",
        "Date d’émission 1er juin 2026",
        "Date d’échéance 24 juin 2026",
        "Prestation Quantité Prix unitaire Montant",
        "Noé Restauration scolaire 12 3,10 € 37,20 € Sous-total Noé 37,20 €",
        "Zoé Garderie du matin 6 1,50 € 9,00 € Étude surveillée 4 2,70 € 10,80 € Sous-total Zoé 19,80 €",
        "Total de la facture 57,00 € Reste à payer 57,00 €",
        "Comment payer 57,00 € au plus tard le 24 juin 2026",
        "portail.example.org/factures/169165/paiement",
        "À l’ordre de « Régie périscolaire de Saint-Aubin-les-Pins »",
        "Guichet unique, Hôtel de ville, 1 place de la Pinède, 06990 Saint-Aubin-les-Pins, du lundi au vendredi",
        "Guichet unique : 04 00 00 00 10, guichet-unique@saint-aubin-les-pins.example.org",
        "le tribunal administratif peut être saisi dans les deux mois",
        "Droits d’accès, de rectification et d’opposition",
    ],
)
def test_invoice_says(said):
    assert said in text(draw())


def test_a_price_finer_than_the_cent_is_printed_as_it_is():
    fine = line("Restauration scolaire", quantity="8", price=313, amount=2500)
    fine = fine.model_copy(update={"unit_price": Decimal("3.125")})
    assert "Restauration scolaire 8 3,125 € 25,00 €" in text(draw(invoice(lines=(fine,), billed_cents=2500)))


def test_what_was_paid_is_taken_off():
    said = text(draw(invoice(paid_cents=2000)))
    assert "Total de la facture 57,00 € Déjà réglé −20,00 € Reste à payer 37,00 €" in said
    assert "Comment payer 37,00 €" in said


def test_invoice_drawn_before_it_is_issued_asks_for_its_amount():
    assert "Reste à payer 57,00 €" in text(draw(invoice(state=InvoiceState.PREPARED)))


def test_paid_invoice_asks_for_nothing():
    said = text(draw(invoice(paid_cents=5700)))
    assert "Reste à payer 0,00 €" in said
    assert "Cette facture est entièrement réglée : vous n’avez rien à payer." in said
    assert "Comment payer" not in said


def test_invoice_of_nothing_asks_for_nothing():
    free = line(price=0, amount=0)
    assert "Le montant de cette facture est nul" in text(draw(invoice(billed_cents=0, lines=(free,))))


def test_credit_note_is_no_invoice_and_asks_for_nothing():
    back = line("Repas annulés", quantity="-4", amount=-1240)
    said = text(draw(invoice(billed_cents=-1240, lines=(back,))))
    assert "Avoir n° 169165" in said
    assert "−4 3,10 € −12,40 €" in said
    assert "Total de l’avoir −12,40 € Reste à payer 0,00 €" in said
    assert "Cet avoir de 12,40 € est en votre faveur : vous n’avez rien à payer." in said
    assert not {"échéance", "Comment payer", "n° 169165."} & set(said.split())


def test_direct_debit_leaves_nothing_to_do():
    paper = draw(invoice(direct_debit=True))
    assert "Prélevé le 24 juin 2026 57,00 €" in text(paper)
    assert "57,00 € seront prélevés sur votre compte bancaire à l’échéance, le 24 juin 2026." in text(paper)
    assert "Par chèque" not in text(paper)
    assert all("/Annots" not in page for page in reader(paper).pages)


def test_activation_code_is_printed_while_the_account_was_never_opened():
    said = text(draw(activation_code=CODE, portal_url="https://portail.example.org/connexion"))
    assert "sur portail.example.org/connexion, saisissez votre identifiant" in said
    assert f"Code d’activation {CODE}" in said
    assert f"valable {CODE_LASTS.days} jours" in said
    assert CODE_LASTS.days == ACTIVATION_DAYS


@pytest.mark.parametrize(("lines", "pages"), [(6, 1), (12, 2)])
def test_an_invoice_of_six_lines_for_two_children_takes_one_sheet(lines, pages):
    assert len(page_texts(draw(invoice_of(lines)))) == pages


def test_activation_code_is_kept_from_the_invoice_of_an_opened_account():
    said = text(draw(account=OPENED, activation_code=CODE))
    assert CODE not in said
    assert "Identifiant dupont" in said


def test_town_without_card_payment_shows_neither_address_nor_code():
    paper = draw(payment_url="")
    assert "En ligne" not in text(paper)
    assert "Par chèque" in text(paper)
    assert all("/Annots" not in page for page in reader(paper).pages)


def test_payment_address_can_be_clicked():
    link = next(page for page in reader(draw()).pages if "/Annots" in page)["/Annots"][0].get_object()
    assert link["/A"]["/URI"] == PAYMENT_URL
    assert link["/Contents"] == "Payer cette facture en ligne"


def test_specimen_says_on_each_page_that_it_is_worth_nothing():
    paper = draw(specimen=True, activation_code=CODE)
    pages = [page.extract_text() for page in reader(paper).pages]
    assert len(pages) == 2
    assert all("SPÉCIMEN – sans valeur" in page for page in pages)
    assert "SPÉCIMEN" not in text(draw())


def test_lines_of_no_child_are_the_family_s():
    assert "Famille Adhésion annuelle" in text(draw(invoice(lines=(line("Adhésion annuelle", child=""),))))


def test_half_days_and_thousands_are_written_as_french_does():
    dear = line("Séjour", quantity="2.5", price=50_000, amount=125_000)
    paper = draw(invoice(billed_cents=125_000, lines=(dear,)))
    assert "Séjour 2,5 500,00 € 1 250,00 €" in text(paper)
    assert "1\u202f250,00\u00a0€" in [said for _, _, said in placed(paper)]


def test_spaces_typed_by_the_town_do_not_break_where_french_does_not():
    town = TOWN.model_copy(update={"appeal": "Recours : « nous », 04 00 00 00 10, de 8 h 30 à 17 h !"})
    words = [said for _, _, said in placed(draw(town=town))]
    assert (
        "Recours\u00a0: «\u00a0nous\u00a0», 04\u00a000\u00a000\u00a000\u00a010, de 8\u00a0h\u00a030 à 17\u00a0h\u00a0!"
        in words
    )
