"""What LibreOffice alone writes: hidden tables, texts of several parts, errors kept as zeros, merged cells."""

import io

import pytest

from chalicelib.importing.table import read_table
from chalicelib.wording import workbooks
from tests.support.workbooks import Raw, ods, ods_content


def rows(content):
    return list(read_table(io.BytesIO(content), ["numero", "libelle"], kind="un fichier de livres"))


def cells(content):
    return [list(row.cells.values()) for row in rows(content)]


def hidden_first(attributes="", style=""):
    made = (
        f'<table:table table:name="Listes" {attributes}><table:table-row><table:table-cell office:value-type="string">'
        "<text:p>secret</text:p></table:table-cell></table:table-row></table:table>"
    )
    row = "<table:table-row>{}</table:table-row>".format
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'.format
    shown = row(cell("numero") + cell("libelle")) + row(cell("1") + cell("a"))
    content = ods_content(f'{made}<table:table table:name="Livres">{shown}</table:table>')
    styles = f"<office:automatic-styles>{style}</office:automatic-styles><office:body>"
    return content.replace("<office:body>", styles)


STYLE_SPACE = 'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'


def test_a_table_that_libreoffice_hides_is_passed():
    style = (
        f'<style:style {STYLE_SPACE} style:name="ta2" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    assert cells(ods([], content=hidden_first('table:style-name="ta2"', style))) == [["1", "a"]]
    assert cells(ods([], content=hidden_first('table:display="false"'))) == [["1", "a"]]


ODS_CELL = '<table:table-cell office:value-type="{}" {}>{}</table:table-cell>'.format


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (ODS_CELL("string", "", "<text:p>12 rue A<text:line-break/>Bât B</text:p>"), "12 rue A Bât B"),
        (ODS_CELL("string", "", "<text:p>12<text:tab/>rue A</text:p>"), "12 rue A"),
        (ODS_CELL("string", "", "<text:p>12 rue A</text:p><text:p>Bât B</text:p>"), "12 rue A Bât B"),
        (
            ODS_CELL(
                "string",
                "",
                "<office:annotation><text:p>à voir<text:tab/></text:p></office:annotation><text:p>a</text:p>",
            ),
            "a",
        ),
    ],
    ids=["line break", "tab", "two paragraphs", "annotation"],
)
def test_the_text_of_a_cell_of_libreoffice_is_read_whole(cell, text):
    assert cells(ods([["numero", "libelle"], ["1", Raw(cell)]])) == [["1", text]]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (ODS_CELL("float", 'office:value="0" table:formula="of:=X"', "<text:p>#DIV/0!</text:p>"), workbooks.ERROR_CELL),
        ('<table:table-cell table:formula="of:=X"/>', workbooks.FORMULA_WITHOUT_RESULT),
        (
            '<table:covered-table-cell office:value-type="string"><text:p>a</text:p></table:covered-table-cell>',
            workbooks.COVERED_CELL,
        ),
    ],
    ids=["an error kept as zero", "a formula never computed", "a value under merged cells"],
)
def test_a_cell_of_libreoffice_that_does_not_show_its_value_is_told(cell, reason):
    (row,) = rows(ods([["numero", "libelle"], ["1", Raw(cell)]]))
    assert row.refused == {"libelle": reason}


def test_each_of_the_cells_that_a_fault_is_repeated_over_is_told():
    error = Raw(
        ODS_CELL("float", 'office:value="0" table:number-columns-repeated="2"', "<text:p>Err:502</text:p>"),
    )
    end = f'<table:table-row table:number-rows-repeated="2">{error}</table:table-row>'
    found = rows(ods([["numero", "libelle"]], end=end))
    assert [set(row.refused) for row in found] == [{"numero", "libelle"}] * 2
