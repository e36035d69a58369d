"""What an access letter says, and many letters in one document for the print room."""

from datetime import date

import pytest

from chalicelib.pdf.letter import AccessLetter, draw_access_letters
from chalicelib.pdf.letterhead import WINDOW_WITH_PLAY
from tests.support.papers import CODE, DRAWN_AT, TOWN, outline, page_texts, placed, reader, text
from tests.support.people import DUPONT, MARTIN

PORTAL = "https://portail.example.org/connexion"
UNTIL = date(2026, 9, 1)


def draw(account=DUPONT):
    return draw_many(AccessLetter(account, CODE, UNTIL))


def draw_many(*letters):
    return draw_access_letters(letters, town=TOWN, portal_url=PORTAL, drawn_at=DRAWN_AT)


@pytest.mark.parametrize(
    "said",
    [
        "Mme Éloïse Dupont 12 allée des Mûriers 06990 Saint-Aubin-les-Pins",
        "Date 1er juin 2026",
        "Votre accès au Portail Famille",
        "Identifiant dupont",
        f"Code d’activation {CODE}",
        "Ce code est valable jusqu’au 1er septembre 2026.",
        "portail.example.org/connexion",
        "À la place du mot de passe, saisissez votre code d’activation.",
        "Guichet unique : 04 00 00 00 10",
        "Droits d’accès, de rectification et d’opposition",
    ],
)
def test_letter_says(said):
    assert said in text(draw())


def test_letter_is_one_page_with_a_link_and_a_described_code():
    paper = draw()
    assert len(page_texts(paper)) == 1
    assert reader(paper).pages[0]["/Annots"][0].get_object()["/A"]["/URI"] == PORTAL
    assert "    Figure" in outline(paper).splitlines()


def test_steps_are_a_list():
    assert outline(draw()).count("LI\n        Lbl\n        LBody") == 3


def test_window_of_the_envelope_shows_the_address_and_nothing_else():
    left, top, right, bottom = WINDOW_WITH_PLAY
    shown = [said for x, y, said in placed(draw()) if left <= x <= right and top <= y <= bottom]
    assert shown == ["Mme Éloïse Dupont", "12 allée des Mûriers", "06990 Saint-Aubin-les-Pins"]


def test_letters_are_one_document_each_on_its_page():
    paper = draw_many(AccessLetter(DUPONT, CODE, UNTIL), AccessLetter(MARTIN, "AAAA-BBBB-CCCC", UNTIL))
    first, second = page_texts(paper)
    assert "dupont" in first
    assert CODE in first
    assert "martin" in second
    assert "AAAA-BBBB-CCCC" in second
    assert CODE not in second
    assert "page 1" not in first
    assert outline(paper).splitlines().count("  Sect") == 2


def test_many_letters_share_their_fonts():
    alone, many = (len(draw_many(*[AccessLetter(DUPONT, CODE, UNTIL)] * count).content) for count in (1, 20))
    assert many < 20 * alone / 4


def test_letters_may_come_from_a_generator_although_they_are_drawn_twice():
    letters = (AccessLetter(account, CODE, UNTIL) for account in (MARTIN, DUPONT))
    paper = draw_access_letters(letters, town=TOWN, portal_url=PORTAL, drawn_at=DRAWN_AT)
    assert len(page_texts(paper)) == 2


def test_no_letter_is_no_document():
    with pytest.raises(ValueError, match="at least one page"):
        draw_many()
