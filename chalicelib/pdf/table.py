"""A tagged table over one or more pages: its columns are repeated on each, blocks of rows stay together."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import PageLayout

PAD = 1.6
PLAIN = Pen(8.5)
BOLD = Pen(8.5, Style.BOLD)


@dataclass(frozen=True)
class Cell:
    """A table cell over the columns `first` to `last`; `scope` (Column or Row) makes it a header."""

    text: str
    first: int
    last: int
    scope: str = ""

    @property
    def kind(self) -> str:
        return "TH" if self.scope else "TD"

    @property
    def attributes(self) -> str:
        columns = self.last - self.first + 1
        span = f"/ColSpan {columns}" if columns > 1 else ""
        scope = f"/Scope/{self.scope}" if self.scope else ""
        return f"/O/Table{scope}{span}" if scope or span else ""


@dataclass(frozen=True)
class Row:
    """Cells written with one pen; `tinted` rows have a background, `ruled` ones a line below. `pad` in millimetres."""

    cells: tuple[Cell, ...]
    pen: Pen = PLAIN
    tinted: bool = False
    ruled: bool = True
    pad: float = 0.45


Mark = Callable[[Cell], AbstractContextManager[object]]
"""Returns the context in which a cell's text is written: its tag, or none inside an artifact."""

Body = Iterable[list[Row]]
"""Blocks of rows that stay on one page."""


def header(columns: Sequence[str]) -> Row:
    return Row(tuple(Cell(text, n, n, "Column") for n, text in enumerate(columns)), BOLD, ruled=False, pad=1.2)


@dataclass(frozen=True)
class WrappedRow:
    """A row with its text wrapped, cell by cell, and its height in millimetres."""

    row: Row
    lines: list[list[str]]
    height: float


class Table:
    """Draws the rows of one table. `edges`: left edges of the columns and the right edge of the last, in millimetres.

    `texts`: how many columns, from the first, are aligned to the left; figures are aligned to the right.
    """

    def __init__(self, layout: PageLayout, edges: Sequence[float], columns: Sequence[str], *, texts: int = 1) -> None:
        self.layout = layout
        self.document = layout.document
        self.edges = edges
        self.texts = texts
        self.header = self.wrap_row(header(columns))

    def draw(self, bodies: Iterable[Body], foot: list[Row]) -> None:
        """Draw the header, the blocks of each body, and the rows of totals."""
        with self.document.group("Table"):
            with self.document.group("THead"):
                self.draw_row(self.header)
                self.draw_header_rule()
            drawn = False
            for body in bodies:
                drawn = True
                with self.document.group("TBody"):
                    for block in body:
                        self.draw_block(block)
            # TFoot is allowed only after a TBody (PDF/UA-1, 7.2)
            with self.document.group("TFoot" if drawn else "TBody"):
                self.draw_block(foot)

    def width(self, cell: Cell) -> float:
        return self.edges[cell.last + 1] - self.edges[cell.first] - 2 * PAD

    def wrap_row(self, row: Row) -> WrappedRow:
        lines = [self.layout.wrap(cell.text, row.pen, self.width(cell)) for cell in row.cells]
        return WrappedRow(row, lines, self.layout.height(row.pen, max(map(len, lines))) + 2 * row.pad)

    def draw_block(self, rows: list[Row]) -> None:
        """Draw rows that stay together; on a new page the column headers are repeated."""
        wrapped = [self.wrap_row(row) for row in rows]
        self.layout.ensure_room(sum(row.height for row in wrapped), then=self.repeat_header)
        for row in wrapped:
            self.draw_row(row)

    def repeat_header(self) -> None:
        """As an artifact: a screen reader has read the headers already."""
        with self.document.artifact():
            self.draw_cells(self.header, self.layout.y)
        self.draw_header_rule()

    def draw_header_rule(self) -> None:
        self.layout.draw_rule(colour=self.layout.accent, weight=0.4)

    def draw_row(self, wrapped: WrappedRow) -> None:
        if wrapped.row.tinted:
            self.layout.draw_tint(wrapped.height)
        with self.document.group("TR"):
            self.draw_cells(wrapped, self.layout.y, mark=self.mark)
        if wrapped.row.ruled:
            self.layout.draw_rule()

    def mark(self, cell: Cell) -> AbstractContextManager[object]:
        return self.document.mark(cell.kind, attributes=cell.attributes)

    def draw_cells(self, wrapped: WrappedRow, top: float, *, mark: Mark = nullcontext) -> None:
        for cell, lines in zip(wrapped.row.cells, wrapped.lines, strict=True):
            self.layout.y = top + wrapped.row.pad
            with mark(cell):
                x, right = self.edges[cell.first] + PAD, cell.first >= self.texts
                self.layout.draw_lines(lines, wrapped.row.pen, x=x, width=self.width(cell), right=right)
        self.layout.y = top + wrapped.height
