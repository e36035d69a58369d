"""Workbooks whose parts are not named or placed as Excel does."""

import io
import zipfile

import pytest

from chalicelib.importing.rows import FileRefused
from chalicelib.importing.table import read_table
from chalicelib.wording import workbooks
from tests.support.workbooks import LINKS, Raw, archive_of, shared_texts, xlsx


def cells(content):
    found = read_table(io.BytesIO(content), ["numero", "libelle"], kind="un fichier de livres")
    return [list(row.cells.values()) for row in found]


def renamed(content, change, **links):
    """The same workbook with other names of its members, and other targets of its links."""
    members = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            for old, new in links.items():
                text = text.replace(f"{old}.xml", new) if name.endswith(".rels") else text
            members[change(name)] = text
    return archive_of(members)


@pytest.mark.parametrize(
    ("change", "links"),
    [
        (lambda name: name.replace("sharedStrings", "SharedStrings").replace("/sheet1", "/Sheet1"), {}),
        (lambda name: name.replace("/", chr(92)), {}),
        (lambda name: name.replace("sheet1", "feuille"), {"sheet1": "feuille.xml"}),
    ],
    ids=["capitals", "backslashes", "a sheet of another name"],
)
def test_the_parts_of_a_workbook_are_found_under_other_names(change, links):
    shared = Raw('<c t="s"><v>0</v></c>')
    content = xlsx([["numero", "libelle"], ["1", shared]], sharedStrings=shared_texts("Lefèvre"))
    assert cells(renamed(content, change, **links)) == [["1", "Lefèvre"]]


def test_texts_that_are_linked_elsewhere_are_read():
    link = f'<Relationship Id="rId9" Type="{LINKS}/sharedStrings" Target="/xl/textes.xml"/></Relationships>'
    content = xlsx([["numero", "libelle"], ["1", Raw('<c t="s"><v>0</v></c>')]], sharedStrings=shared_texts("Lefèvre"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name.replace("sharedStrings", "textes"): archive.read(name).decode() for name in archive.namelist()}
    links = "xl/_rels/workbook.xml.rels"
    members[links] = members[links].replace("</Relationships>", link)
    assert cells(archive_of(members)) == [["1", "Lefèvre"]]


def test_a_workbook_without_its_links_is_told_as_damaged():
    content = renamed(xlsx([["numero", "libelle"], ["1", "a"]]), lambda name: name.replace("workbook.xml.rels", "x"))
    with pytest.raises(FileRefused) as told:
        cells(content)
    assert told.value.bad_lines[0].reason == workbooks.BROKEN_WORKBOOK
