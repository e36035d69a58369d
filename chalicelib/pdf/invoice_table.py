"""Invoice table: the lines of each child, subtotals and totals, as a tagged table over one or more pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from chalicelib.domain.invoice import Invoice, InvoiceLine, lines_by_child
from chalicelib.formats import euros, quantity
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, PageLayout
from chalicelib.wording import documents as words

EDGES = (LEFT, LEFT + 94, LEFT + 114, LEFT + 142, LEFT + 170)
"""Left edges of the four columns, and the right edge of the last."""

PAD = 1.6
PLAIN = Pen(8.5)
BOLD = Pen(8.5, Style.BOLD)
TOTAL = Pen(10, Style.BOLD)


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

    @property
    def width(self) -> float:
        return EDGES[self.last + 1] - EDGES[self.first] - 2 * PAD


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


def header() -> Row:
    return Row(tuple(Cell(text, n, n, "Column") for n, text in enumerate(words.COLUMNS)), BOLD, ruled=False, pad=1.2)


def child_row(child: str) -> Row:
    return Row((Cell(child or words.FAMILY, 0, 3, "Row"),), BOLD, tinted=True)


def line_row(line: InvoiceLine) -> Row:
    figures = (quantity(line.quantity), euros(line.unit_price_cents), euros(line.amount_cents))
    cells = (Cell(text, column, column) for column, text in enumerate(figures, start=1))
    return Row((Cell(line.service, 0, 0, "Row"), *cells))


def sum_row(label: str, cents: int, pen: Pen = PLAIN, *, tinted: bool = False) -> Row:
    return Row((Cell(label, 0, 2, "Row"), Cell(euros(cents), 3, 3)), pen, tinted=tinted)


def child_blocks(child: str, lines: list[InvoiceLine], sum_cents: int) -> list[list[Row]]:
    """Returns rows that stay on one page: the name with its first line, the subtotal with its last."""
    blocks = [[line_row(line)] for line in lines]
    blocks[0].insert(0, child_row(child))
    blocks[-1].append(sum_row(words.subtotal(child or words.FAMILY), sum_cents, BOLD))
    return blocks


def total_rows(invoice: Invoice) -> list[Row]:
    """Returns the total, the amount already paid if any, and what is left to pay."""
    rows = [sum_row(words.total(invoice), invoice.billed_cents, TOTAL)]
    if invoice.paid_cents > 0:
        rows.append(sum_row(words.ALREADY_PAID, -invoice.paid_cents))
    rows.append(sum_row(words.LEFT_TO_PAY, words.left_to_pay(invoice), TOTAL, tinted=True))
    return rows


@dataclass(frozen=True)
class WrappedRow:
    """A row with its text wrapped, cell by cell, and its height in millimetres."""

    row: Row
    lines: list[list[str]]
    height: float


class InvoiceTable:
    """Draws the rows of one invoice."""

    def __init__(self, layout: PageLayout) -> None:
        self.layout = layout
        self.document = layout.document
        self.header = self.wrap_row(header())

    def draw(self, invoice: Invoice) -> None:
        with self.document.group("Table"):
            with self.document.group("THead"):
                self.draw_row(self.header)
                self.draw_header_rule()
            for child, lines, sum_cents in lines_by_child(invoice.lines):
                with self.document.group("TBody"):
                    for block in child_blocks(child, lines, sum_cents):
                        self.draw_block(block)
            # TFoot is allowed only after a TBody (PDF/UA-1, 7.2)
            with self.document.group("TFoot" if invoice.lines else "TBody"):
                self.draw_block(total_rows(invoice))

    def wrap_row(self, row: Row) -> WrappedRow:
        lines = [self.layout.wrap(cell.text, row.pen, cell.width) for cell in row.cells]
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
                x = EDGES[cell.first] + PAD
                self.layout.draw_lines(lines, wrapped.row.pen, x=x, width=cell.width, right=cell.first > 0)
        self.layout.y = top + wrapped.height
