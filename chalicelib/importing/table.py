"""The rows of a file by column, in any order of columns: a CSV or a workbook, known by its content."""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from chalicelib.importing.rows import BadLine, FileRefused, Line, Row, SheetCells
from chalicelib.wording import importing as wording

MOST_TITLES = 20
"""Lines above a header that are looked through to tell where it is."""

INVISIBLE_SIGNS = "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
INVISIBLE = dict.fromkeys(map(ord, INVISIBLE_SIGNS))
"""Marks of direction, soft hyphens and spaces of no width: what a copy from a web page or an address book leaves."""


@dataclass(frozen=True)
class Expected:
    """The file that is expected: `kind` is its name in error messages, `columns` those that it may have.

    `others`: further columns are allowed, as in a file of other software. `may_be_empty`: a file with only a header is
    valid, as on a day without events. `may_be_absent`: those of `columns` that the header may leave out.
    """

    columns: Sequence[str]
    kind: str
    others: bool = False
    may_be_empty: bool = False
    may_be_absent: Collection[str] = ()

    @property
    def compulsory(self) -> list[str]:
        return [name for name in self.columns if name not in self.may_be_absent]

    def error_of(self, found: Sequence[str], *, of_a_sheet: bool = False) -> str:
        """Returns the error of a header's names, in one sentence; empty when it has the compulsory columns.

        A header without most of the columns is that of another file: a list of the differences would help less. A
        column without a name is none, as long as its cells are empty: it stands beside a table.
        """
        missing = [name for name in self.compulsory if name not in found]
        strange = [name for name in found if name and name not in self.columns]
        if strange and 2 * len(missing) > len(self.compulsory):
            return wording.another_file(self.kind, self.compulsory, of_a_sheet=of_a_sheet)
        doubles = [name for name in self.columns if found.count(name) > 1]
        return wording.wrong_header(missing, [] if self.others else strange, doubles)


def read_table(
    stream: BinaryIO,
    columns: Sequence[str],
    *,
    kind: str,
    others: bool = False,
    may_be_empty: bool = False,
    may_be_absent: Collection[str] = (),
) -> Iterator[Row]:
    """Yields the rows of a seekable stream, from its beginning, without blank lines; the options are Expected's.

    The cells of an absent column are empty. Raises FileRefused, instead of any row, when the file cannot be read, its
    header is wrong, or a line is missing.
    """
    expected = Expected(columns, kind, others, may_be_empty, may_be_absent)
    with _open(stream, others=others) as lines:
        first = next(lines, Line(1, ()))
        header = names_of(first.cells)
        if error := expected.error_of(header, of_a_sheet=bool(first.places)) if header else wording.EMPTY_FILE:
            raise FileRefused(_header_refusal(first, lines, error, expected, stream))
        rows = (_row(line, header, others=others) for line in lines)
        filled = (row for row in rows if any(row.cells.values()) or row.problem)
        first_row = next(filled, None)
        if first_row is None and not may_be_empty:
            raise FileRefused(BadLine(first.number, "", wording.NO_LINE))
        absent = dict.fromkeys((name for name in columns if name not in header), "")
        for row in chain([first_row] if first_row else [], filled):
            row.cells.update(absent)
            yield row


@contextmanager
def _open(stream: BinaryIO, *, others: bool) -> Iterator[Iterator[Line]]:
    from chalicelib.importing.sources import open_source  # when a file comes: pages read none and should start fast

    with open_source(stream, _unknown if others else names_of) as lines:
        yield lines


def _unknown(cells: Sequence[str]) -> list[str]:
    """Returns names for a header of other software: what its « Date » holds is not what the town's holds."""
    return [""] * len(cells)


def _header_refusal(first: Line, lines: Iterator[Line], error: str, expected: Expected, stream: BinaryIO) -> BadLine:
    """Returns the error of the first line, or where the header is when titles stand above it."""
    below = (line for line in islice(lines, MOST_TITLES) if any(line.cells))
    header = next((line.number for line in below if not expected.error_of(names_of(line.as_header()))), 0)
    if header:
        return BadLine(first.number, "", wording.title_above(first.number, header))
    if first.text.startswith("<"):
        return BadLine(first.number, "", wording.MARKUP)
    return BadLine(first.number, "", error if _is_readable(stream) else wording.NOT_TEXT)


def _is_readable(stream: BinaryIO) -> bool:
    from chalicelib.importing.sources import is_text_or_workbook

    return is_text_or_workbook(stream)


def names_of(cells: Sequence[str]) -> list[str]:
    """Returns the column names of a header, without empty cells at its end."""
    found = [column_name(cell) for cell in cells]
    while found and not found[-1]:
        found.pop()
    return found


def column_name(cell: str) -> str:
    """Returns a column name normalised: « Montant réglé » → montant_regle, as spreadsheet users may have edited it."""
    letters = unicodedata.normalize("NFKD", cell.translate(INVISIBLE).strip(' "').casefold())
    return "_".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def tidy(cell: str) -> str:
    """Returns a cell without blanks around it, each accent in one character, and a line break as a space."""
    if "\n" in cell or "\r" in cell:
        cell = " ".join(filter(None, map(str.strip, cell.splitlines())))
    return cell.strip() if cell.isascii() else unicodedata.normalize("NFC", cell.translate(INVISIBLE).strip())


def _tidy_cells(line: Line) -> list[str]:
    """Returns the cells, each as `tidy` returns it; most lines need no more than their blanks taken away."""
    if line.text and line.height == 1 and "\r" not in line.text and _is_simple(line.text):
        return [cell.strip() for cell in line.cells]
    return [tidy(cell) for cell in line.cells]


def _is_simple(text: str) -> bool:
    """Whether each letter is one visible sign: so are those of Windows-1252, but for the soft hyphen."""
    try:
        return b"\xad" not in text.encode("cp1252")
    except UnicodeEncodeError:
        return False


def _unnamed(header: Sequence[str], cells: Sequence[str]) -> int | None:
    """Returns where a cell stands in a column without a name; None when there is none."""
    if "" not in header:
        return None
    return next((at for at, (name, cell) in enumerate(zip(header, cells, strict=False)) if cell and not name), None)


def _row(line: Line, header: Sequence[str], *, others: bool) -> Row:
    cells, problem = _tidy_cells(line), line.problem
    if not problem and (len(cells) < len(header) or any(cells[len(header) :])) and any(cells):
        problem = wording.wrong_width(expected=len(header), found=len(cells))
    if not problem and not others and (at := _unnamed(header, cells)) is not None:
        problem = wording.without_a_name(line.places[at] if line.places else cells[at])
    bad = BadLine(line.number, "", problem) if problem else None
    by_column = dict(zip(header, cells, strict=False))
    if not line.places:
        return Row(line.number, by_column, bad, line.height)
    refused = {header[at]: reason for at, reason in line.refused if at < len(header)}
    mended = frozenset(header[at] for at in line.mended if at < len(header))
    places = dict(zip(header, line.places, strict=False))
    return Row(line.number, by_column, bad, sheet=SheetCells(places, refused, mended))
