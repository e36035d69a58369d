"""Any Latin name is drawn; what the fonts have not is replaced and reported; nothing in a text is a command."""

import pytest

from chalicelib.domain.account import Holder
from chalicelib.pdf.format.font_embedding import FROZEN
from chalicelib.pdf.format.typeface import REPLACEMENT
from tests.support.papers import draw, reader, text
from tests.support.people import DUPONT, invoice, line


def named(name: str):
    return draw(account=DUPONT.model_copy(update={"holder": Holder(last_name=name)}))


@pytest.mark.parametrize(
    "name", ["Łukasz Nguyễn", "Œuvrard-Ÿ’s", "Þórðardóttir", "Ștefănescu", "Şahin Ğ", "Đặng Thị", "Ọlọ́run", "ĳ Ǆ Ƶ"]
)
def test_any_latin_name_is_drawn(name):
    paper = named(name)
    assert name in text(paper)
    assert paper.missing_characters == ""


def test_accents_typed_apart_are_joined_to_their_letters():
    assert named("Zoe\u0301").content == named("Zoé").content


@pytest.mark.parametrize(
    ("name", "drawn", "missing"),
    [("Иван", "�" * 4, "Иван"), ("Li 李小龍", "Li ���", "小李龍"), ("Zoé 😀", "Zoé �", "😀"), ("Łi 李", "Łi �", "李")],
)
def test_what_the_fonts_have_not_is_replaced_and_reported(name, drawn, missing):
    paper = named(name)
    assert drawn in text(paper)
    assert paper.missing_characters == "".join(sorted(set(missing)))


def test_each_missing_character_is_reported_once_and_sorted():
    lines = (line("яда"), line("дя", child="я"))
    assert draw(invoice(lines=lines)).missing_characters == "адя"


@pytest.mark.parametrize(
    "name",
    [
        "<b>Martin</b>",
        "{{ 7 * 7 }}",
        "**gras** __souligné__",
        "a) Tj ET (b",
        "\\101\\",
        "&amp; <x:xmpmeta>",
        "{nb} %PDF",
    ],
)
def test_markup_is_text(name):
    paper = draw(invoice(label=name), account=DUPONT.model_copy(update={"holder": Holder(last_name=name)}))
    assert text(paper).count(name) >= 2
    assert name in reader(paper).metadata.title
    assert name in reader(paper).xmp_metadata.dc_title["x-default"]


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\ufeff", "\u00ad", "\u2066"])
def test_invisible_marks_are_dropped(mark):
    paper = named(f"Mar{mark}tin")
    assert "Martin" in text(paper)
    assert paper.missing_characters == ""


@pytest.mark.parametrize("space", ["\n", "\r\n", "\t", "\x00", "\u2028"])
def test_line_breaks_and_controls_are_spaces(space):
    paper = named(f"Jean{space}Martin")
    assert "Jean Martin" in text(paper)
    assert paper.missing_characters == ""


def test_frozen_fonts_hold_everyday_french():
    assert set("Ça coûte 1\u202f234,50\u00a0€ − « l’œuvre » – ÀÉÈÊÎÔÙÛÇŒÆ n°·…" + REPLACEMENT) <= FROZEN


def test_a_rare_letter_gives_the_document_fonts_of_its_own():
    rare, usual = (reader(named(name)).pages[0]["/Resources"]["/Font"]["/F1"] for name in ("Łukasz", "Lukasz"))
    sizes = [
        font["/DescendantFonts"][0].get_object()["/FontDescriptor"]["/FontFile2"]["/Length1"] for font in (rare, usual)
    ]
    assert sizes[0] < sizes[1]
