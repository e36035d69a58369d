"""What a screen reader walks through: the structure tree of each paper, and what is kept out of it."""

import re

from tests.support.papers import draw, elements, invoice_of, outline, reader
from tests.support.people import invoice, line

ONE_CHILD = invoice(billed_cents=3720, lines=(line(),))
GOLDEN = """\
Document
  P × 8
  H1
  P × 3
  Table
    THead
      TR
        TH × 4
    TBody
      TR
        TH
      TR
        TH
        TD × 3
      TR
        TH
        TD
    TFoot
      TR
        TH
        TD
      TR
        TH
        TD
  H2
  H3
  P × 2
    Link
  Figure
  H3
  P
  H3
  P
  H2
  P
  H2
  P
  H2
  P"""


def attributes(element, name):
    return element.get("/A", {}).get(name)


def test_structure_of_an_invoice():
    assert outline(draw(ONE_CHILD)) == GOLDEN


def test_table_goes_on_over_pages_as_one_with_its_headers_once():
    lines = outline(draw(invoice_of(70))).splitlines()
    assert lines.count("  Table") == 1
    assert lines.count("        TH × 4") == 1
    assert lines.count("    TBody") == 2


def test_every_header_says_what_it_heads():
    headers = [element for _, element in elements(draw()) if element["/S"] == "/TH"]
    scopes = [attributes(header, "/Scope") for header in headers]
    assert scopes[:4] == ["/Column"] * 4
    assert set(scopes[4:]) == {"/Row"}


def test_every_row_spans_the_four_columns():
    for _, row in elements(draw()):
        if row["/S"] == "/TR":
            cells = [cell.get_object() for cell in row["/K"]]
            assert sum(attributes(cell, "/ColSpan") or 1 for cell in cells) == 4


def test_qr_code_is_described():
    figure = next(element for _, element in elements(draw()) if element["/S"] == "/Figure")
    assert (
        figure["/Alt"]
        == "Code QR\u00a0: payer cette facture en ligne, https://portail.example.org/factures/169165/paiement"
    )


def test_link_and_its_annotation_know_each_other():
    paper = reader(draw())
    page = next(page for page in paper.pages if "/Annots" in page)
    annotation = page["/Annots"][0].get_object()
    rows = paper.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    owner = rows[rows.index(annotation["/StructParent"]) + 1].get_object()
    assert owner["/S"] == "/Link"
    assert owner["/K"][1]["/Obj"].get_object() == annotation


def test_every_mark_belongs_to_the_element_that_claims_it():
    paper = reader(draw(invoice_of(25)))
    rows = paper.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for page in paper.pages:
        marks = re.findall(rb"/(\w+)<</MCID (\d+)>>BDC", page.get_contents().get_data())
        owners = rows[rows.index(page["/StructParents"]) + 1]
        assert [int(rank) for _, rank in marks] == list(range(len(owners)))
        for (kind, rank), owner in zip(marks, owners, strict=True):
            element = owner.get_object()
            assert element["/S"] == f"/{kind.decode()}"
            assert int(rank) in element["/K"]
            assert element["/Pg"]["/StructParents"] == page["/StructParents"]


def test_everything_written_is_an_element_or_an_artifact():
    for page in reader(draw(invoice_of(25), specimen=True)).pages:
        depth = 0
        for operator in page.get_contents().get_data().split(b"\n"):
            assert depth or operator.endswith((b"BDC", b"BMC"))
            depth += operator.endswith((b"BDC", b"BMC")) - (operator == b"EMC")
            assert depth in (0, 1)


def test_lines_of_a_paragraph_are_not_read_as_one_word():
    for page in reader(draw(invoice_of(25))).pages:
        said = re.findall(rb"\(((?:[^\\()]|\\.)*)\)Tj", page.get_contents().get_data(), re.DOTALL)
        running_foot = said[-2:]
        assert all(text.endswith(b"\x00 ") for text in said if text not in running_foot)
