"""Records of a CSV file, valid or with their errors; duplicate lines are refused."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Generic, TypeVar

from chalicelib.importing.cells import absent_allowed, parse_cells
from chalicelib.importing.rows import BadLine, Row
from chalicelib.importing.table import read_table
from chalicelib.wording import importing as wording

Value = TypeVar("Value")
Parsers = Mapping[str, Callable[[str], Any]]


@dataclass(frozen=True)
class Record(Generic[Value]):
    """One account, child, invoice or settlement, from `line` on; `value` is None when there are `problems`.

    `key` is the cell that identifies it (identifiant, famille, numero), as far as it could be read.
    """

    line: int
    key: str
    value: Value | None
    problems: tuple[BadLine, ...] = ()
    mended: frozenset[str] = frozenset()
    """Columns of a workbook whose cell was repaired in a way that is to be looked at."""


@dataclass
class RowRefused(Exception):
    """Cells of a line that are each valid, and not together: what is wrong, and the column to look at."""

    column: str
    reason: str


def read_rows(
    stream: BinaryIO,
    parsers: Parsers,
    build: Callable[[dict[str, Any]], Value],
    *,
    key: Sequence[str],
    kind: str,
    may_be_empty: bool = False,
    repeatable: bool = False,
) -> Iterator[Record[Value]]:
    """Yields one record per line; two lines with the same `key` cells are both refused, for either may be
    right; unless they are `repeatable`.

    `build` may raise RowRefused.
    Reads the stream twice from its beginning. Raises FileRefused when it is no file of this `kind`, or, unless it
    `may_be_empty`, has no line.
    """
    absent = absent_allowed(parsers)
    options: dict[str, Any] = {"kind": kind, "may_be_empty": may_be_empty, "may_be_absent": absent}
    doubles = {} if repeatable else _doubles(read_table(stream, list(parsers), **options), key)
    for row in read_table(stream, list(parsers), **options):
        if row.problem:
            yield Record(row.line, _key(row, key)[0], None, (row.problem,))
            continue
        values, problems = parse_cells(row, parsers)
        others = tuple(line for line in doubles.get(_key(row, key), ()) if line != row.line)
        if others:
            problems.append(row.bad(key[0], wording.also_on(others)))
        try:
            value = None if problems else build(values)
        except RowRefused as refusal:
            value = None
            problems.append(row.bad(refusal.column, refusal.reason))
        yield Record(row.line, _key(row, key)[0], value, tuple(problems), row.mended)


def _doubles(rows: Iterator[Row], key: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
    first: dict[tuple[str, ...], int] = {}
    doubles: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in rows:
        cells = _key(row, key)
        if row.problem or not cells[0]:
            continue
        if first.setdefault(cells, row.line) != row.line:
            doubles[cells] = [*(doubles[cells] or [first[cells]]), row.line]
    return doubles


def _key(row: Row, key: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.cells.get(column, "") for column in key)
