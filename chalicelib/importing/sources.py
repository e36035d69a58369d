"""What a file's lines are read from: a CSV or a workbook, known by its content."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from chalicelib.importing.csv_reader import open_csv
from chalicelib.importing.encoding import looks_like_text
from chalicelib.importing.rows import Line
from chalicelib.importing.workbook import open_workbook
from chalicelib.importing.workbook_archive import begins_like_workbook


@contextmanager
def open_source(stream: BinaryIO, names_of: Callable[[Sequence[str]], list[str]]) -> Iterator[Iterator[Line]]:
    """Yields the lines of a seekable stream from its first one that is not blank, most often the header.

    `names_of` returns the column names of a header's cells. Raises FileRefused when the file cannot be read.
    """
    opened = open_workbook(stream, names_of) if begins_like_workbook(stream) else open_csv(stream)
    with opened as lines:
        yield lines


def is_text_or_workbook(stream: BinaryIO) -> bool:
    """Whether a seekable stream is neither an image nor another binary file; moves the stream."""
    return begins_like_workbook(stream) or looks_like_text(stream)
