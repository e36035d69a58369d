"""The tables of an .ods, counted before a library unfolds their repeated rows and cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.importing.sheet_scan import (
    ERROR,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Extent,
    Scanner,
    count_of,
    place_name,
)
from chalicelib.wording import workbooks as wording

MOST_TEXT = 1_000
"""Characters of a cell that are kept, more than any column accepts."""


@dataclass
class _Cell:
    """What was seen of one cell, and how many times it is repeated. `text`: its paragraphs, without its annotation."""

    repeat: int = 1
    covered: bool = False
    kind: str = ""
    formula: bool = False
    told: bool = False
    broken: bool = False
    text: str = ""
    paragraphs: int = 0
    characters: int = 0

    @property
    def has_value(self) -> bool:
        return bool(self.kind or self.formula or self.paragraphs)

    @property
    def problem(self) -> str:
        """Why its value cannot be read; "" when it can."""
        if self.kind == "error" or (self.kind != "string" and ERROR.fullmatch(self.text.strip())):
            return wording.ERROR_CELL
        if self.formula and not self.kind and not self.paragraphs:
            return wording.FORMULA_WITHOUT_RESULT
        return wording.COVERED_CELL if self.covered else ""


class OdsTables(Scanner):
    """Counts the cells of every table, by its name: the library unfolds them all, whichever is asked for.

    `shown` and `hidden`: in their order, those that LibreOffice shows and those that it does not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[str, Extent] = {}
        self.hidden: dict[str, Extent] = {}
        self._hiding: set[str] = set()
        self._style = ""
        self._table = Extent()
        self._cells = 0
        self._row = self._column = self._held = 0
        self._row_repeat = 1
        self._cell = _Cell()
        self._noted: list[tuple[range, _Cell]] = []
        self._aside = False
        self._row_characters = 0

    def start_style(self, attributes: Mapping[str, str]) -> None:
        self._style = attributes.get("name", "") if attributes.get("family") == "table" else ""

    def start_table_properties(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("display") == "false":
            self._hiding.add(self._style)

    def start_table(self, attributes: Mapping[str, str]) -> None:
        self._table = Extent()
        hidden = attributes.get("display") == "false" or attributes.get("style_name") in self._hiding
        (self.hidden if hidden else self.shown).setdefault(attributes.get("name", ""), self._table)
        self._row = 0

    def start_table_row(self, attributes: Mapping[str, str]) -> None:
        self._row_repeat = count_of(attributes.get("number_rows_repeated", ""), 1)
        self._column = self._held = self._row_characters = 0
        self._noted = []

    def start_table_cell(self, attributes: Mapping[str, str], *, covered: bool = False) -> None:
        self._cell = _Cell(
            repeat=count_of(attributes.get("number_columns_repeated", ""), 1),
            covered=covered,
            kind=attributes.get("value_type", ""),
            formula="formula" in attributes,
            told="string_value" in attributes,
        )

    def start_covered_table_cell(self, attributes: Mapping[str, str]) -> None:
        self.start_table_cell(attributes, covered=True)

    def start_annotation(self, _: Mapping[str, str]) -> None:
        self._aside = True

    def end_annotation(self) -> None:
        self._aside = False

    def start_p(self, _: Mapping[str, str]) -> None:
        if self._aside:
            return
        self._add("\n")
        self._cell.paragraphs += 1

    def start_s(self, attributes: Mapping[str, str]) -> None:
        count = count_of(attributes.get("c", ""), 1)
        self._cell.characters += count
        self._add(" " * min(count, MOST_TEXT))

    def start_tab(self, _: Mapping[str, str]) -> None:
        self._add(" ")
        self._cell.broken = self._cell.broken or not self._aside

    def start_line_break(self, _: Mapping[str, str]) -> None:
        self._add("\n")
        self._cell.broken = self._cell.broken or not self._aside

    def add_text(self, text: str) -> None:
        self._cell.characters += len(text)
        self._add(text)

    def _add(self, text: str) -> None:
        if self._cell.paragraphs and not self._aside and len(self._cell.text) < MOST_TEXT:
            self._cell.text += text[:MOST_TEXT]

    def end_table_cell(self) -> None:
        cell, before = self._cell, self._column
        self._column += cell.repeat
        if self._column > MOST_COLUMNS:
            raise FileRefused(BadLine(1, "", wording.large_sheet(MOST_CELLS, place_name(self._row + 1, self._column))))
        if not cell.has_value:
            return
        self._held = self._column
        self._row_characters += cell.characters * cell.repeat
        if cell.problem or cell.broken:
            self._noted.append((range(before + 1, self._column + 1), cell))

    end_covered_table_cell = end_table_cell

    def end_table_row(self) -> None:
        first = self._row + 1
        self._row += self._row_repeat
        self._table.add_text(self._row_characters * self._row_repeat)
        if self._held:
            self._table.hold(self._row, self._held)
        elif self._row > 2 * MOST_ROWS:
            raise FileRefused(BadLine(1, "", wording.large_sheet(MOST_CELLS, place_name(self._row, 1))))
        for columns, cell in self._noted:
            self._note(range(first, self._row + 1), columns, cell)

    def _note(self, rows: range, columns: range, cell: _Cell) -> None:
        """Note a cell that the library would misread: the tabs and the line breaks of a text, which it leaves out."""
        for place in ((row, column) for row in rows for column in columns):
            if cell.problem:
                self._table.faulty[place] = cell.problem
            elif cell.kind == "string" and not cell.told:
                self._table.texts[place] = cell.text

    def end_table(self) -> None:
        self._cells += self._table.rows * self._table.columns
        if self._cells > MOST_CELLS:
            raise FileRefused(BadLine(1, "", wording.large_sheet(MOST_CELLS, "")))


def scan_ods(stream: IO[bytes]) -> dict[str, Extent]:
    """Returns what each table holds, by its name, the hidden ones last. Raises FileRefused when they are too large."""
    scanner = OdsTables()
    scanner.read(stream)
    return scanner.shown | scanner.hidden
