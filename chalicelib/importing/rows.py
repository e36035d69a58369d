"""The rows of an imported file, and what is refused in it, with its place: a cell, a line, or the file as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.errors import PortalError

DELIMITERS = ";,\t|"
"""The separators of a CSV, the one of French spreadsheets first."""


@dataclass(frozen=True)
class BadLine:
    """One error: the line as a text editor numbers it (the header is line 1), the column, a French sentence.

    Of a workbook, the line is the sheet's, and the column ends with the cell: « nom (D12) ».
    """

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


@dataclass(slots=True)
class Line:
    """One line of a file as it was read, the header's too, before its cells have columns.

    `height`: how many lines of the file it takes, more than one when a cell between quotes holds a line break.
    `problem`: why it cannot be read; its cells are then a best guess. `text`: the line of a CSV; "" in a workbook.
    `places` and `refused`, in a workbook: the name of each cell (« B12 »), and why a cell cannot be read, by position;
    `mended`: the positions of those whose reading is to be looked at.
    """

    number: int
    cells: Sequence[str]
    height: int = 1
    problem: str = ""
    text: str = ""
    places: Sequence[str] = ()
    refused: Sequence[tuple[int, str]] = ()
    mended: Sequence[int] = ()

    def as_header(self) -> Sequence[str]:
        """Returns the cells as if the line were the header, with the separator that it uses most itself."""
        return self.text.split(delimiter_of(self.text)) if self.text else self.cells


def delimiter_of(text: str) -> str:
    """Returns the separator that a header uses most."""
    return max(DELIMITERS, key=text.count)


@dataclass(frozen=True)
class SheetCells:
    """What a workbook adds to a row, by column: the name of each cell (« B12 »), and why a cell cannot be read.

    `mended`: the columns whose cell was repaired in a way that is to be looked at.
    """

    places: Mapping[str, str]
    refused: Mapping[str, str]
    mended: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """One line of data by column. With a `problem`, `cells` is only a best guess. `height`: as in `Line`."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    problem: BadLine | None = None
    height: int = 1
    sheet: SheetCells | None = None

    @property
    def refused(self) -> Mapping[str, str]:
        """Why a cell cannot be read, by column."""
        return self.sheet.refused if self.sheet else {}

    @property
    def mended(self) -> frozenset[str]:
        """The columns whose cell was repaired in a way that is to be looked at."""
        return self.sheet.mended if self.sheet else frozenset()

    def bad(self, column: str, reason: str) -> BadLine:
        """Returns an error of this row in that column."""
        place = self.sheet.places.get(column) if self.sheet else None
        return BadLine(self.line, f"{column} ({place})" if place else column, reason)
