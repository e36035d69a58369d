"""A CSV file as rows by column name: `;` or `,`, columns in any order, each line read on its own.

A line break inside a quoted cell is refused anyway (it could reach a mail's header), so a stray quotation mark spoils
its own line and never swallows the rest of the file.
"""

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from chalicelib.importing import wording
from chalicelib.importing.encoding import numbered_lines
from chalicelib.importing.problems import BadLine, FileRefused

DELIMITERS = ";,"


@dataclass(frozen=True)
class Row:
    """One line of data by column. With a `problem`, `cells` is only the best guess at what the line says."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    problem: BadLine | None = None


def read_table(stream: BinaryIO, columns: Sequence[str], *, others: bool = False) -> Iterator[Row]:
    """Rows of a seekable stream, from its beginning, blank lines left out.

    `others`: columns that we did not ask for may stand beside ours, as in a file that is not of our making.
    Raises FileRefused, before the first row, when the encoding or the header is wrong: it names each column.
    """
    lines = numbered_lines(stream)
    header, delimiter = _header(lines, columns, others=others)
    for number, text in lines:
        row = _row(number, text, header, delimiter)
        if any(row.cells.values()) or row.problem:
            yield row


def _header(lines: Iterator[tuple[int, str]], columns: Sequence[str], *, others: bool) -> tuple[list[str], str]:
    number, text = next(((number, text) for number, text in lines if text.strip(" ;,\t")), (1, ""))
    if not text:
        raise FileRefused(BadLine(line=1, column="", reason=wording.EMPTY_FILE))
    if "\r" in text.strip():
        raise FileRefused(BadLine(line=1, column="", reason=wording.MAC_LINE_ENDINGS))
    delimiter = max(DELIMITERS, key=text.count)
    found = [column_name(cell) for cell in text.split(delimiter)]
    while found and not found[-1]:
        found.pop()
    problems = _header_problems(number, found, columns, others=others)
    if problems:
        raise FileRefused(*problems)
    return found, delimiter


def column_name(cell: str) -> str:
    """« Montant réglé » → montant_regle: what a spreadsheet's user may have made of our names."""
    letters = unicodedata.normalize("NFKD", cell.strip(' "').casefold())
    return "_".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def _header_problems(line: int, found: Sequence[str], columns: Sequence[str], *, others: bool) -> list[BadLine]:
    missing = [BadLine(line, name, wording.MISSING_COLUMN) for name in columns if name not in found]
    strange = [] if others else [name for name in found if name not in columns]
    unknown = [BadLine(line, name, wording.UNKNOWN_COLUMN) for name in strange]
    doubles = [BadLine(line, name, wording.DOUBLE_COLUMN) for name in columns if found.count(name) > 1]
    return missing + unknown + doubles


def _row(number: int, text: str, header: Sequence[str], delimiter: str) -> Row:
    try:
        (cells,) = csv.reader([text], delimiter=delimiter, strict=True) if text else [[]]
    except csv.Error:
        guess = [cell.strip('" ') for cell in text.split(delimiter)]
        reason = wording.OPEN_QUOTE if '"' in text else wording.BROKEN_LINE
        return Row(number, _by_column(header, guess), BadLine(number, "", reason))
    tidy = [unicodedata.normalize("NFC", cell.strip()) for cell in cells]
    if any(tidy) and (len(tidy) < len(header) or any(tidy[len(header) :])):
        width = wording.wrong_width(expected=len(header), found=len(tidy))
        return Row(number, _by_column(header, tidy), BadLine(number, "", width))
    return Row(number, _by_column(header, tidy))


def _by_column(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return dict(zip(header, cells, strict=False))
