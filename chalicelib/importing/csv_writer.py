"""CSV files for spreadsheets and the billing software: « ; », a UTF-8 byte order mark, no formula in a cell."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

ENCODING = "utf-8-sig"
"""French spreadsheets open a file that begins with a byte order mark without a dialog."""

FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
"""How a cell begins that a spreadsheet would take for a formula, after the apostrophes that already disarm it."""


def escape_formula(cell: str) -> str:
    """Returns the text, with an apostrophe before what a spreadsheet would take for a formula (CSV injection).

    For texts only: a number or an amount that the portal writes (« -12,00 ») needs none.
    """
    return f"'{cell}" if FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """Returns the text of which `escape_formula` made this cell."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def escape_formulas(*cells: str) -> list[str]:
    """Returns the cells, each as `escape_formula` returns it."""
    return [escape_formula(cell) for cell in cells]


def csv_text(rows: Iterable[Sequence[str]], *, line_end: str = "\r\n") -> str:
    """Returns the rows as the lines of a CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator=line_end).writerows(rows)
    return out.getvalue()


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Returns the bytes of a CSV file."""
    return csv_text([header, *rows]).encode(ENCODING)
