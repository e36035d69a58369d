"""How an invoice spreads over pages, what it weighs, and what the window of its envelope shows."""

import pytest

from chalicelib.domain.account import Address, Holder
from chalicelib.pdf.invoice_table import child_blocks
from chalicelib.pdf.letterhead import (
    ADDRESS_HEIGHT,
    ADDRESS_LEFT,
    ADDRESS_TOP,
    ADDRESS_WIDTH,
    WINDOW_WITH_PLAY,
)
from tests.support.papers import CODE, draw, invoice_of, page_texts, placed, text
from tests.support.people import DUPONT, invoice, line

HEADER = "Prestation Quantité Prix unitaire Montant"
LONG_ADDRESS = Address(
    line_1="Résidence les Terrasses de la Pinède, bâtiment B, escalier 12, appartement 1404",
    line_2="1248 avenue du Maréchal-de-Lattre-de-Tassigny",
    postcode="06990",
    town="Saint-Aubin-les-Pins",
)
ABROAD = LONG_ADDRESS.model_copy(update={"postcode": "1000", "town": "Bruxelles", "country": "CD"})
"""The longest name of a country, below an address of which both lines are long."""

LONG_NAME = Holder(
    civility="Mme", first_name="Marie-Françoise-Antoinette", last_name="de La Rochefoucauld-Doudeauville"
)


@pytest.mark.parametrize(("lines", "size_bytes"), [(1, 30_000), (4, 30_000), (25, 45_000)])
def test_invoice_weighs_little(lines, size_bytes):
    assert len(draw(invoice_of(lines), activation_code=CODE).content) <= size_bytes


def test_usual_invoice_is_one_page_without_a_number():
    pages = page_texts(draw(invoice_of(4)))
    assert len(pages) == 1
    assert "page 1" not in pages[0]


def test_long_invoice_numbers_its_pages():
    pages = page_texts(draw(invoice_of(25)))
    assert [f"page {number} sur 2" in page for number, page in enumerate(pages, start=1)] == [True, True]


def test_headers_come_again_where_the_table_goes_on():
    assert [page.count(HEADER) for page in page_texts(draw(invoice_of(80)))] == [1, 1, 1]


def test_headers_do_not_come_again_where_the_table_is_over():
    pages = page_texts(draw(activation_code=CODE))
    assert [page.count(HEADER) for page in pages] == [1, 0]


@pytest.mark.parametrize("lines", [25, 31, 70])
def test_no_line_is_lost_over_the_pages(lines):
    said = text(draw(invoice_of(lines)))
    assert all(f"Prestation numéro {rank} {rank} 3,10 €" in said for rank in range(1, lines + 1))


def test_a_name_stays_with_a_line_and_a_line_with_the_subtotal():
    first, middle, last = child_blocks("Noé", [line("matin"), line("midi"), line("soir")], 2280)
    assert [row.cells[0].text for row in first] == ["Noé", "matin"]
    assert [row.cells[0].text for row in middle] == ["midi"]
    assert [row.cells[0].text for row in last] == ["soir", "Sous-total Noé"]


@pytest.mark.parametrize("lines", [25, 27, 29])
def test_a_name_keeps_its_first_line_and_a_subtotal_its_last(lines):
    for page in page_texts(draw(invoice_of(lines))):
        assert not page.split(" Ville de Saint-Aubin-les-Pins – ")[0].endswith(("Noé", "Zoé"))
        assert f"{HEADER} Sous-total" not in page


def test_nothing_is_written_in_the_margins():
    for page in range(2):
        for left, baseline, said in placed(draw(invoice_of(25)), page):
            assert 20 <= round(left, 1) < 190, said
            assert 15 < baseline < 288, said


@pytest.mark.parametrize(
    "account",
    [
        DUPONT,
        DUPONT.model_copy(update={"address": LONG_ADDRESS, "holder": LONG_NAME}),
        DUPONT.model_copy(update={"address": ABROAD, "holder": LONG_NAME}),
    ],
)
@pytest.mark.parametrize("specimen", [False, True])
def test_window_of_the_envelope_shows_the_address_and_nothing_else(account, specimen):
    left, top, right, bottom = WINDOW_WITH_PLAY
    found = [
        (x, y, said)
        for x, y, said in placed(draw(account=account, activation_code=CODE, specimen=specimen))
        if left <= x <= right and top <= y <= bottom
    ]
    assert account.address.lines[-1] in found[-1][2]
    assert found[0][2].startswith("Mme")
    for x, y, _ in found:
        assert round(x, 1) == ADDRESS_LEFT
        assert ADDRESS_TOP < y < ADDRESS_TOP + ADDRESS_HEIGHT


def test_address_stays_inside_what_any_play_shows():
    """100–190 × 45–79 mm of the sheet: see the letterhead."""
    assert ADDRESS_LEFT >= 100
    assert ADDRESS_LEFT + ADDRESS_WIDTH <= 190
    assert ADDRESS_TOP >= 45
    assert ADDRESS_TOP + ADDRESS_HEIGHT <= 79


def test_a_word_too_long_is_cut_and_none_of_it_is_lost():
    word = "Périscolaire" * 30
    said = text(draw(invoice(lines=(line(word),))))
    assert word in said.replace(" ", "")


def test_invoice_without_lines_still_says_its_total():
    assert f"{HEADER} Total de la facture 57,00 €" in text(draw(invoice(lines=())))
