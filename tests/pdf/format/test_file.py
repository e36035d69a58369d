"""The file itself: the same bytes for the same instant, fonts inside, and what it says of itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalicelib.pdf.format import font_embedding
from chalicelib.pdf.format.writer import Objects, pdf_string
from tests.support.papers import CODE, DRAWN_AT, draw, invoice_of, reader
from tests.support.people import DUPONT, MARTIN


@pytest.mark.parametrize("account", [DUPONT, MARTIN], ids=["frozen fonts", "fonts of its own"])
def test_same_invoice_drawn_twice_is_the_same_bytes(account):
    assert draw(account=account).content == draw(account=account).content


def test_frozen_fonts_made_anew_are_the_same_bytes():
    before = draw().content
    font_embedding.frozen_fonts.cache_clear()
    assert draw().content == before


def test_only_the_instant_tells_two_drawings_apart():
    later = draw(drawn_at=DRAWN_AT + timedelta(hours=1)).content
    assert later != draw().content
    assert abs(len(later) - len(draw().content)) < 20


def test_an_instant_is_the_same_in_any_zone():
    paris = timezone(timedelta(hours=2))
    assert draw(drawn_at=DRAWN_AT.astimezone(paris)).content == draw().content


@pytest.mark.parametrize("account", [DUPONT, MARTIN], ids=["frozen fonts", "fonts of its own"])
def test_every_font_is_inside(account):
    for page in reader(draw(account=account)).pages:
        fonts = page["/Resources"]["/Font"]
        assert sorted(fonts) == ["/F1", "/F2"]
        for font in fonts.values():
            assert len(font["/DescendantFonts"][0].get_object()["/FontDescriptor"]["/FontFile2"].get_data()) > 1000
            assert font["/ToUnicode"].get_data()


def test_document_says_what_it_is():
    paper = reader(draw())
    assert paper.metadata.title == "Facture n°\u00a0169165 – Restauration Scolaire Mai Juillet 2026"
    assert paper.metadata.author == "Ville de Saint-Aubin-les-Pins"
    assert paper.metadata.creation_date == datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
    assert paper.trailer["/Root"]["/Lang"] == "fr-FR"
    assert paper.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_metadata_claims_both_standards():
    packet = reader(draw()).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert packet.count("2026-06-01T06:00:00Z") == 2


def test_files_of_two_documents_have_two_identifiers():
    identifiers = {reader(draw(activation_code=code)).trailer["/ID"][0] for code in (None, CODE)}
    assert len(identifiers) == 2


def test_many_objects_go_into_several_packs():
    objects = Objects()
    numbers = [objects.add(f"<</Rank {rank}>>") for rank in range(1000)]
    root = objects.add(f"<</Type/Catalog/All[{' '.join(f'{number} 0 R' for number in numbers)}]>>")
    packed = objects.pack()
    assert len({stream for _, stream, _ in packed.values()}) == 3
    assert packed[numbers[400]][2] == 0
    assert root in packed


@pytest.mark.parametrize(
    ("text", "said"),
    [("Noel (1)", "(Noel \\(1\\))"), ("a\\b", "(a\\\\b)"), ("é", "<feff00e9>"), ("€ ł", "<feff20ac00200142>")],
)
def test_strings_are_escaped(text, said):
    assert pdf_string(text) == said


def test_drawing_is_safe_from_many_threads():
    expected = [draw(invoice_of(lines)).content for lines in (1, 4, 7)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda lines: draw(invoice_of(lines)).content, (1, 4, 7) * 4)) == expected * 4
