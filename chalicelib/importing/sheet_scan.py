"""How large a sheet is, and which of its cells hold no value, read from its XML before a library unfolds it.

One cell in the last corner of a sheet, or one repeated a million times, is few bytes here and gigabytes once unfolded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.wording import workbooks as wording

MOST_CELLS = 1_000_000
MOST_CHARACTERS = 50_000_000
"""Of all cells together: a workbook writes a text once, however many cells show it."""

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet of Excel or LibreOffice."""

CHUNK = 65_536
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
SEPARATOR = " "
ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|VALEUR!|NOM\?|NOMBRE!|NUL!)|Err:[0-9]{3}")
"""What a cell shows whose formula has failed."""

KNOWN_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#DATA!", "#GETTING_DATA"}
"""The errors of a typed cell for which the library does not give the workbook up."""

READ_ENCODINGS = {None, "utf-8", "us-ascii"}
"""Those of which the library reads the XML; it takes any other for UTF-8."""


Place = tuple[int, int]
"""Row and column, from 1."""


def place_name(row: int, column: int) -> str:
    """Returns « B12 » for row 12, column 2."""
    return f"{letters_of(column)}{row}"


def letters_of(column: int) -> str:
    """Returns « B » for column 2."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass
class Extent:
    """What was counted of a sheet. `faulty`: the cells that show an error or a formula without its result, and why.

    `texts`: what the cells hold whose text the library would not read whole.
    """

    rows: int = 0
    columns: int = 0
    characters: int = 0
    faulty: dict[Place, str] = field(default_factory=dict)
    texts: dict[Place, str] = field(default_factory=dict)

    def hold(self, row: int, column: int) -> None:
        """Count a cell that holds something. Raises FileRefused when the sheet would be too large."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows > MOST_ROWS or self.columns > MOST_COLUMNS or self.rows * self.columns > MOST_CELLS:
            raise FileRefused(BadLine(1, "", wording.large_sheet(MOST_CELLS, place_name(row, column))))

    def add_text(self, characters: int) -> None:
        """Count the text of a cell. Raises FileRefused when there would be too much of it."""
        self.characters += characters
        if self.characters > MOST_CHARACTERS:
            raise FileRefused(BadLine(1, "", wording.large_sheet(MOST_CELLS, "")))


class Scanner:
    """Calls methods named after the elements of a document, without their namespaces."""

    def __init__(self) -> None:
        self._methods: dict[tuple[str, str], Any] = {}

    def read(self, stream: IO[bytes]) -> None:
        """Raises FileRefused when it is no XML, declares entities, or is in an encoding that is not read."""
        parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.XmlDeclHandler = _refuse_other_encodings
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self.add_text
        try:
            while chunk := stream.read(CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as failure:
            raise FileRefused(BadLine(1, "", wording.BROKEN_WORKBOOK)) from failure

    def add_text(self, text: str) -> None:
        """Called with the text of an element, maybe in parts."""

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        called = self._method("start", name)
        if called:
            called({_local(key): value for key, value in attributes.items()})

    def _ended(self, name: str) -> None:
        called = self._method("end", name)
        if called:
            called()

    def _method(self, event: str, name: str) -> Any:
        """Returns the method for an element, None when it is of no interest; looked up once per name."""
        if (event, name) not in self._methods:
            self._methods[event, name] = getattr(self, f"{event}_{_local(name)}", None)
        return self._methods[event, name]


def _local(name: str) -> str:
    return name.rpartition(SEPARATOR)[2].replace("-", "_")


def _refuse_doctype(*_: Any) -> None:
    raise FileRefused(BadLine(1, "", wording.BROKEN_WORKBOOK))


def _refuse_other_encodings(_: str, encoding: str | None, __: int) -> None:
    if (encoding.lower() if encoding else None) not in READ_ENCODINGS:
        raise FileRefused(BadLine(1, "", wording.BROKEN_WORKBOOK))


class SharedTexts(Scanner):
    """The lengths of the texts that the cells of an .xlsx share, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.lengths: list[int] = []

    def start_si(self, _: Mapping[str, str]) -> None:
        self.lengths.append(0)

    def add_text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class XlsxSheet(Scanner):
    """Counts the cells of one sheet of an .xlsx; `texts`: the lengths of the workbook's shared texts."""

    def __init__(self, texts: list[int]) -> None:
        super().__init__()
        self.extent = Extent()
        self._texts = texts
        self._row = self._column = 0
        self._kind, self._value = "", ""
        self._has_value = self._has_formula = self._in_value = False

    def start_row(self, attributes: Mapping[str, str]) -> None:
        self._row = count_of(attributes.get("r", ""), self._row + 1)
        self._column = 0

    def start_c(self, attributes: Mapping[str, str]) -> None:
        found = PLACE.fullmatch(attributes.get("r", ""))
        self._column = _column_of(found[1]) if found else self._column + 1
        self._row = int(found[2]) if found else self._row
        self._kind, self._value = attributes.get("t", ""), ""
        self._has_value = self._has_formula = False

    def start_v(self, _: Mapping[str, str]) -> None:
        self._in_value = True

    def start_is(self, _: Mapping[str, str]) -> None:
        self._has_value = True

    def start_f(self, _: Mapping[str, str]) -> None:
        self._has_formula = True

    def add_text(self, text: str) -> None:
        if self._in_value:
            self._value += text

    def end_v(self) -> None:
        self._in_value = False
        self._has_value = bool(self._value) or self._kind == "str"  # the text that a formula gives may be empty

    def end_c(self) -> None:
        if not (self._has_value or self._has_formula):
            return
        self.extent.hold(self._row, self._column)
        if self._kind == "s":
            at = count_of(self._value.strip(), len(self._texts))
            self.extent.add_text(self._texts[at] if at < len(self._texts) else 0)
        if self._kind == "e":
            if self._value.strip() not in KNOWN_ERRORS:
                raise FileRefused(BadLine(self._row, place_name(self._row, self._column), wording.ERROR_CELL))
            self.extent.faulty[self._row, self._column] = wording.ERROR_CELL
        elif not self._has_value:
            self.extent.faulty[self._row, self._column] = wording.FORMULA_WITHOUT_RESULT


def _column_of(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def count_of(text: str, default: int) -> int:
    """Returns the number that an attribute or a value is. Raises FileRefused for another text."""
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise FileRefused(BadLine(1, "", wording.BROKEN_WORKBOOK))
    return int(text)
