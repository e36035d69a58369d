"""CSV reader: any separator of spreadsheets, line breaks between quotes, each line parsed on its own otherwise."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from chalicelib.importing.rows import DELIMITERS, Line, delimiter_of
from chalicelib.importing.text_lines import open_lines
from chalicelib.wording import importing as wording

BLANKS = f" {DELIMITERS}"
SEPARATOR_LINE = re.compile(r'"?sep=([;,\t|])"?[;,\t| ]*', re.IGNORECASE)
"""The first line by which a file tells Excel its separator."""

MOST_JOINED = 50
"""Lines of one cell between quotes: a quote that nobody closed must not swallow the file."""

MOST_CHARACTERS = csv.field_size_limit()
Numbered = tuple[int, str]


@contextmanager
def open_csv(stream: BinaryIO) -> Iterator[Iterator[Line]]:
    """Yields the lines of a seekable stream from its first one that is not blank, most often the header.

    Raises FileRefused when its encoding is not recognised.
    """
    with open_lines(stream) as numbered:
        yield _lines(numbered)


def _lines(numbered: Iterator[Numbered]) -> Iterator[Line]:
    delimiter, first = "", (1, "")
    for first in numbered:
        line = SEPARATOR_LINE.fullmatch(first[1])
        if line:
            delimiter = line[1]
        elif first[1].strip(BLANKS):
            break
    else:
        return
    told = delimiter if delimiter in first[1] else ""  # a header that has none of them is not separated so
    reader = _Reader(numbered, first, told or delimiter_of(first[1]))
    yield from reader.lines()


class _Reader:
    """Joins the lines of a cell between quotes, and leaves alone those of a quote that is never closed."""

    def __init__(self, numbered: Iterator[Numbered], first: Numbered, delimiter: str) -> None:
        self._numbered, self._delimiter = numbered, delimiter
        self._ahead = deque([first])
        self._width = 0

    def lines(self) -> Iterator[Line]:
        while (numbered := self._next()) is not None:
            line = self._line(*numbered)
            self._width = self._width or len(line.cells)
            yield line

    def _next(self) -> Numbered | None:
        return self._ahead.popleft() if self._ahead else next(self._numbered, None)

    def _line(self, number: int, text: str) -> Line:
        if '"' not in text and "\r" not in text and len(text) < MOST_CHARACTERS:
            return Line(number, text.split(self._delimiter) if text else (), text=text)
        try:
            return Line(number, self._cells(text), text=text)
        except csv.Error:
            joined = self._joined(number, text) if '"' in text else None
        if joined:
            return joined
        guess = [cell.strip('" ') for cell in text.split(self._delimiter)]
        return Line(number, guess, problem=wording.OPEN_QUOTE if '"' in text else wording.BROKEN_LINE, text=text)

    def _cells(self, text: str) -> list[str]:
        """Returns the cells of a line. Raises csv.Error."""
        return next(csv.reader([text], delimiter=self._delimiter, strict=True)) if text else []

    def _joined(self, number: int, text: str) -> Line | None:
        """Returns the line with those that its last cell goes on over; None, nothing being read, when it does not."""
        taken: list[Numbered] = []
        whole = text
        while whole.count('"') % 2 and len(taken) < MOST_JOINED and (following := self._next()):
            taken.append(following)
            if self._whole_line(text, following[1]):
                break
            whole += f"\n{following[1]}"
        else:
            cells = self._cells_of_joined(whole)
            if cells and len(cells) >= self._width:
                return Line(number, cells, height=1 + len(taken), text=whole)
        self._ahead.extendleft(reversed(taken))
        return None

    def _cells_of_joined(self, text: str) -> list[str]:
        try:
            return self._cells(text)
        except csv.Error:
            return []

    def _whole_line(self, opened: str, following: str) -> bool:
        """Whether a line below an open quote is one of its own: the quote is a slip of the line above."""
        inside = following.partition('"')[0]
        return self._delimiter in opened and 0 < self._width - 1 <= inside.count(self._delimiter)
