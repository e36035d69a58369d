"""CSV reader: UTF-8 or Windows-1252, `;` or `,`, columns in any order, each line parsed on its own."""

import codecs
import csv
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from chalicelib.errors import PortalError
from chalicelib.wording import importing as wording

SAMPLE = 4096
"""Bytes read from a file to distinguish a text from an image or a workbook."""

CHARACTERS_PER_CONTROL = 20
"""In a text at most one character in this many is a control; in arbitrary bytes, one in nine is."""

CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f"))
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DELIMITERS = ";,"


@dataclass(frozen=True)
class BadLine:
    """One error: the line as a text editor numbers it (the header is line 1), the column, a French sentence."""

    line: int
    column: str
    reason: str


class CellRefused(ValueError):
    """A cell that cannot be parsed. `reason`: a sentence of `wording.importing`, for the office."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FileRefused(PortalError):
    """A file that cannot be read at all: its encoding or its header is wrong, or it has no line. See `bad_lines`."""

    suggested_status = 422

    def __init__(self, *bad_lines: BadLine) -> None:
        super().__init__(*bad_lines)
        self.bad_lines = bad_lines


@dataclass(frozen=True)
class Row:
    """One line of data by column. With a `problem`, `cells` is only a best guess."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    problem: BadLine | None = None


def read_table(
    stream: BinaryIO,
    columns: Sequence[str],
    *,
    kind: str,
    others: bool = False,
    may_be_empty: bool = False,
    may_be_absent: Collection[str] = (),
) -> Iterator[Row]:
    """Yields the rows of a seekable stream, from its beginning, blank lines left out.

    `kind`: the name of the expected file, for error messages. `others`: further columns are allowed, as in a file of
    other software. `may_be_empty`: a file with only a header is valid, as on a day without events. `may_be_absent`:
    those of `columns` that the header may leave out; their cells are then empty.
    Raises FileRefused, instead of any row, when the encoding or the header is wrong, or when a line is missing.
    """
    lines = decode_lines(stream)
    number, text = next(((number, text) for number, text in lines if text.strip(" ;,\t")), (1, ""))
    delimiter = max(DELIMITERS, key=text.count)
    header = _column_names(text, delimiter)
    compulsory = [name for name in columns if name not in may_be_absent]
    error = _header_error(text, header, columns, compulsory, kind=kind, others=others)
    if error:
        raise FileRefused(BadLine(number, "", error if looks_like_text(stream) else wording.NOT_TEXT))
    rows = (_row(number, text, header, delimiter) for number, text in lines)
    filled = (row for row in rows if any(row.cells.values()) or row.problem)
    first = next(filled, None)
    if first is None and not may_be_empty:
        raise FileRefused(BadLine(number, "", wording.NO_LINE))
    absent = dict.fromkeys((name for name in columns if name not in header), "")
    for row in chain([first] if first else [], filled):
        row.cells.update(absent)
        yield row


def _column_names(text: str, delimiter: str) -> list[str]:
    found = [column_name(cell) for cell in text.split(delimiter)]
    while found and not found[-1]:
        found.pop()
    return found


def _header_error(
    text: str, found: Sequence[str], columns: Sequence[str], compulsory: Sequence[str], *, kind: str, others: bool
) -> str:
    """Returns the error of the header, in one sentence; empty when it has the compulsory columns.

    A header without most of the columns is that of another file: a list of the differences would help less.
    """
    if not text:
        return wording.EMPTY_FILE
    if "\r" in text.strip():
        return wording.MAC_LINE_ENDINGS
    missing = [name for name in compulsory if name not in found]
    strange = [name for name in found if name not in columns]
    if strange and 2 * len(missing) > len(compulsory):
        return wording.another_file(kind, compulsory)
    doubles = [name for name in columns if found.count(name) > 1]
    return wording.wrong_header(missing, [] if others else strange, doubles)


def column_name(cell: str) -> str:
    """Returns a column name normalised: « Montant réglé » → montant_regle, as spreadsheet users may have edited it."""
    letters = unicodedata.normalize("NFKD", cell.strip(' "').casefold())
    return "_".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


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


def decode_lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yields the lines of a seekable stream from its beginning, numbered from 1, without line ends.

    A byte invalid in the encoding becomes U+FFFD, which no cell accepts. Raises FileRefused for UTF-16.
    """
    encoding = detect_encoding(stream)
    stream.seek(0)
    for number, line in enumerate(stream, start=1):
        text = line.decode(encoding, errors="replace")
        if number == 1:
            text = text.removeprefix("\ufeff")
        yield number, text.removesuffix("\n").removesuffix("\r")


def detect_encoding(stream: BinaryIO) -> str:
    """Returns the encoding of most of the accented lines: one stray byte must not turn every « é » into « Ã© »."""
    stream.seek(0)
    start = stream.read(3)
    if start.startswith(UTF_16_MARKS):
        raise FileRefused(BadLine(line=1, column="", reason=wording.UTF_16))
    if start == codecs.BOM_UTF8:
        return "utf-8"
    stream.seek(0)
    verdicts = Counter(_is_utf8(line) for line in stream if not line.isascii())
    return "utf-8" if verdicts[True] >= verdicts[False] else "cp1252"


def looks_like_text(stream: BinaryIO) -> bool:
    """Whether the beginning of a seekable stream may be text; moves the stream."""
    stream.seek(0)
    start = stream.read(SAMPLE)
    strange = sum(start.count(byte) for byte in CONTROLS)
    return b"\0" not in start and strange * CHARACTERS_PER_CONTROL <= len(start)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
