"""The tables of an .ods, counted before a library unfolds their repeated rows and cells."""

from collections.abc import Mapping
from typing import IO

from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.importing.sheet_scan import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Extent, Scanner, count_of, place_name
from chalicelib.wording import workbooks as wording


class OdsTables(Scanner):
    """Counts the cells of every table, by its name: the library unfolds them all, whichever is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, Extent] = {}
        self._table = Extent()
        self._cells = 0
        self._row = self._column = self._held = 0
        self._row_repeat = self._repeat = 1
        self._has_value = False
        self._problem = ""
        self._characters = self._row_characters = 0

    def start_table(self, attributes: Mapping[str, str]) -> None:
        self._table = Extent()
        self.tables.setdefault(attributes.get("name", ""), self._table)
        self._row = 0

    def start_table_row(self, attributes: Mapping[str, str]) -> None:
        self._row_repeat = count_of(attributes.get("number_rows_repeated", ""), 1)
        self._column = self._held = self._row_characters = 0

    def start_table_cell(self, attributes: Mapping[str, str]) -> None:
        self._repeat = count_of(attributes.get("number_columns_repeated", ""), 1)
        self._has_value = bool({"value_type", "formula"} & attributes.keys())
        self._problem = wording.ERROR_CELL if attributes.get("value_type") == "error" else ""
        self._characters = 0

    start_covered_table_cell = start_table_cell

    def start_p(self, _: Mapping[str, str]) -> None:
        self._has_value = True

    def start_s(self, attributes: Mapping[str, str]) -> None:
        self._characters += count_of(attributes.get("c", ""), 1)

    def add_text(self, text: str) -> None:
        self._characters += len(text)

    def end_table_cell(self) -> None:
        self._column += self._repeat
        if self._column > MOST_COLUMNS:
            raise FileRefused(BadLine(1, "", wording.large_sheet(MOST_CELLS, place_name(self._row + 1, self._column))))
        if not self._has_value:
            return
        self._held = self._column
        self._row_characters += self._characters * self._repeat
        if self._problem:
            self._table.faulty[self._row + 1, self._column] = self._problem

    end_covered_table_cell = end_table_cell

    def end_table_row(self) -> None:
        self._row += self._row_repeat
        self._table.add_text(self._row_characters * self._row_repeat)
        if self._held:
            self._table.hold(self._row, self._held)
        elif self._row > 2 * MOST_ROWS:
            raise FileRefused(BadLine(1, "", wording.large_sheet(MOST_CELLS, place_name(self._row, 1))))

    def end_table(self) -> None:
        self._cells += self._table.rows * self._table.columns
        if self._cells > MOST_CELLS:
            raise FileRefused(BadLine(1, "", wording.large_sheet(MOST_CELLS, "")))


def scan_ods(stream: IO[bytes]) -> dict[str, Extent]:
    """Returns what each table holds, by its name. Raises FileRefused when they are too large."""
    scanner = OdsTables()
    scanner.read(stream)
    return scanner.tables
