"""Workbooks (.xlsx, .ods): the first sheet that shows, its typed cells as the lines of a table, each named (« B12 »).

What could make a small file a large one is counted first (`workbook_archive`, `sheet_scan`, `ods_scan`); then
python-calamine reads the cells. It is imported when the first workbook comes, so that nothing else waits for it.
"""

import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from chalicelib.importing.ods_scan import scan_ods
from chalicelib.importing.rows import BadLine, FileRefused, Line
from chalicelib.importing.sheet_scan import Extent, Scanner, SharedTexts, XlsxSheet, letters_of
from chalicelib.importing.workbook_archive import WorkbookKind, copied, members_of, open_archive, plain
from chalicelib.importing.workbook_cells import mended_of, texts_of
from chalicelib.wording import workbooks as wording

TEXTS, STYLES, LINKS = "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"
NEEDED = {
    WorkbookKind.XLSX: {"[Content_Types].xml", "_rels/.rels", WorkbookKind.XLSX.value, LINKS, TEXTS, STYLES},
    WorkbookKind.ODS: {"mimetype", "META-INF/manifest.xml", WorkbookKind.ODS.value},
}
NamesOf = Callable[[Sequence[str]], list[str]]
SHOWN = ("", "visible")
PARTS = {"sharedStrings": TEXTS, "styles": STYLES}
"""Parts of an .xlsx that its links may put elsewhere, and where the library looks for them."""


class _Book(Scanner):
    """The sheets of an .xlsx: `sheets`, (name, link) in their order, the hidden ones last; `targets`: link → member;
    `parts`: those of PARTS that are linked → member."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str, str]] = []
        self.hidden: list[tuple[str, str]] = []
        self.targets: dict[str, str] = {}
        self.parts: dict[str, str] = {}

    def start_sheet(self, attributes: Mapping[str, str]) -> None:
        sheets = self.shown if attributes.get("state", "") in SHOWN else self.hidden
        sheets.append((attributes.get("name", ""), attributes.get("id", "")))

    def start_Relationship(self, attributes: Mapping[str, str]) -> None:  # noqa: N802 - the element's own name
        kind = attributes.get("Type", "").rpartition("/")[2]
        member = plain(posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))))
        if kind == "worksheet":
            self.targets[attributes.get("Id", "")] = member
        elif kind in PARTS:
            self.parts[PARTS[kind]] = member


@contextmanager
def open_workbook(stream: BinaryIO, names_of: NamesOf) -> Iterator[Iterator[Line]]:
    """Yields the lines of a workbook's sheet from the first that is not blank, most often the header.

    `names_of` returns the column names of a header's cells. Raises FileRefused when it is no workbook, damaged or too
    large, before its cells are unfolded.
    """
    with open_archive(stream) as (kind, archive):
        found = members_of(archive)
        needed = {name: found[plain(name)] for name in NEEDED[kind] if plain(name) in found}
        if kind is WorkbookKind.ODS:
            name, extent = _shown_table(archive, needed)
        else:
            name, extent = _shown_sheet(archive, found, needed)
        with copied(archive, needed) as file:
            yield _lines(file, name, extent, names_of)


def _shown_table(archive: zipfile.ZipFile, needed: Mapping[str, str]) -> tuple[str, Extent]:
    """Returns the name of the table to read of an .ods, and what was counted of it."""
    with archive.open(needed[WorkbookKind.ODS.value]) as content:
        tables = scan_ods(content)
    return next(iter(tables.items()), ("", Extent()))


def _shown_sheet(
    archive: zipfile.ZipFile, found: Mapping[str, str], needed: MutableMapping[str, str]
) -> tuple[str, Extent]:
    """Returns the same of an .xlsx. Adds to `needed` the member of the sheet, and the parts that are elsewhere."""
    if LINKS not in needed:
        raise FileRefused(BadLine(1, "", wording.BROKEN_WORKBOOK))
    book = _Book()
    for member in (LINKS, WorkbookKind.XLSX.value):
        with archive.open(needed[member]) as content:
            book.read(content)
    needed.update({part: found[member] for part, member in book.parts.items() if member in found})
    for name, link in (*book.shown, *book.hidden):
        member = book.targets.get(link, "")
        if member in found:
            needed[member] = found[member]
            return name, _xlsx_extent(archive, needed.get(TEXTS, ""), found[member])
    raise FileRefused(BadLine(1, "", wording.BROKEN_WORKBOOK))


def _xlsx_extent(archive: zipfile.ZipFile, texts_member: str, member: str) -> Extent:
    texts = SharedTexts()
    if texts_member:
        with archive.open(texts_member) as content:
            texts.read(content)
    sheet = XlsxSheet(texts.lengths)
    with archive.open(member) as content:
        sheet.read(content)
    return sheet.extent


def _lines(file: BinaryIO, name: str, extent: Extent, names_of: NamesOf) -> Iterator[Line]:
    header: Sequence[str] = ()
    letters = [letters_of(at + 1) for at in range(extent.columns)]
    for number, values in _rows(file, name):
        values = [*values, *[""] * (extent.columns - len(values))][: extent.columns]
        values = (
            [extent.texts.get((number, at), value) for at, value in enumerate(values, 1)] if extent.texts else values
        )
        texts, refused = texts_of(values, header)
        if not header and any(text.strip() for text in texts):
            header = names_of(texts)
            refused = []
        faulty = [(at, reason) for at in range(len(values)) if (reason := extent.faulty.get((number, at + 1)))]
        if header:
            places = [f"{letter}{number}" for letter in letters]
            mended = mended_of(values, texts, header)
            yield Line(number, texts, places=places, refused=(*refused, *faulty), mended=mended)


def _rows(file: BinaryIO, name: str) -> Iterator[tuple[int, list[Any]]]:
    """Yields the number and the typed values of each row, from column A on. Raises FileRefused."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(file)
        sheet = book.get_sheet_by_name(name) if name else book.get_sheet_by_index(0)
        yield from enumerate(sheet.to_python(skip_empty_area=False), start=1)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as failure:  # the library's own errors, and the panics of the language that it is written in
        raise FileRefused(BadLine(1, "", wording.BROKEN_WORKBOOK)) from failure
