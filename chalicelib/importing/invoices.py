"""CSV file *factures*: one invoice line per row, grouped by number, with checks of each invoice as a whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from chalicelib.domain.invoice import NUMBER, Invoice, InvoiceLine, line_amount_cents, prices_of
from chalicelib.importing import cells
from chalicelib.importing.cells import absent_allowed, cents, parse_cells, required, text
from chalicelib.importing.records import Record
from chalicelib.importing.rows import BadLine, CellRefused, Row
from chalicelib.importing.table import read_table
from chalicelib.wording import importing as wording

MAX_LINES = 300
"""An invoice is one DynamoDB item of at most 400 KB; the longest that a town sends has 25 lines."""

HEADER = {
    "numero": required(cells.invoice_number),
    "identifiant": required(cells.identifier),
    "libelle": required(text),
    "periode": text,
    "date_emission": required(cells.day),
    "date_echeance": required(cells.day),
    "montant_total": required(cells.cents),
    "montant_regle": cells.cents_or_zero,
}
LINE = {
    "enfant": text,
    "prestation": required(text),
    "quantite": required(cells.quantity),
    "prix_unitaire": required(cells.price),
    "montant": required(cells.cents),
}


@dataclass
class FileScan:
    """The first pass over a file, needed before the first invoice is accepted.

    `last_line`: number → its last line. `orphans`: lines without a valid number. `suspects`: number → the adjacent
    orphan line that may belong to it, when the invoice's sum would not reveal that it is missing.
    """

    last_line: dict[str, int] = field(default_factory=dict)
    orphans: set[int] = field(default_factory=set)
    suspects: dict[str, int] = field(default_factory=dict)

    def warnings(self, row: Row) -> list[BadLine]:
        line = self.suspects.get(row.cells["numero"])
        return [row.bad("numero", wording.may_own(line))] if line else []


def read_invoices(stream: BinaryIO) -> Iterator[Record[Invoice]]:
    """Yields the invoices of a seekable file, each when its last line has been read. Raises FileRefused."""
    scan = scan_file(stream)
    incomplete: dict[str, list[Row]] = {}
    for row in _rows(stream):
        number = row.cells.get("numero", "")
        if row.line in scan.orphans:
            yield _orphan(row)
            continue
        incomplete.setdefault(number, []).append(row)
        if row.line == scan.last_line[number]:
            yield _record(incomplete.pop(number), scan)


def scan_file(stream: BinaryIO) -> FileScan:
    """Returns the first pass over the file: one number and one integer in memory per invoice. Raises FileRefused."""
    scan = FileScan()
    previous, unclaimed = "", 0
    for row in _rows(stream):
        number = row.cells.get("numero", "")
        if NUMBER.fullmatch(number):
            scan.last_line[number] = row.line
            scan.suspects |= {number: unclaimed} if unclaimed else {}
            previous, unclaimed = number, 0
        else:
            scan.orphans.add(row.line)
            if _invisible_in_a_sum(row):
                scan.suspects |= {previous: row.line} if previous else {}
                unclaimed = row.line
    return scan


def _rows(stream: BinaryIO) -> Iterator[Row]:
    parsers = HEADER | LINE
    return read_table(stream, list(parsers), kind=wording.INVOICES, may_be_absent=absent_allowed(parsers))


def _invisible_in_a_sum(row: Row) -> bool:
    try:
        return cents(row.cells.get("montant", "")) == 0
    except CellRefused:
        return True


def _orphan(row: Row) -> Record[Invoice]:
    problems = [row.problem] if row.problem else parse_cells(row, HEADER | LINE)[1]
    return Record(row.line, "", None, tuple(problems))


def _record(rows: list[Row], scan: FileScan) -> Record[Invoice]:
    invoice, problems = _read(rows)
    problems += scan.warnings(rows[0])
    return Record(rows[0].line, rows[0].cells["numero"], None if problems else invoice, tuple(problems))


def _read(rows: list[Row]) -> tuple[Invoice | None, list[BadLine]]:
    first = next((row for row in rows if not row.problem), rows[0])
    header, problems = ({}, []) if first.problem else parse_cells(first, HEADER)
    lines: list[InvoiceLine] = []
    for row in rows:
        line, faults = _line(row)
        lines += [line] if line else []
        problems += faults if row.problem else [*_differences(row, first, header), *faults]
    if problems:
        return None, problems
    invoice = _invoice(header, tuple(lines))
    return invoice, check_invoice(invoice, rows)


def _differences(row: Row, first: Row, header: dict[str, Any]) -> Iterator[BadLine]:
    """Yields the header cells that differ from the invoice's first line; « 57,00 » and « 57.00 » are equal."""
    for column, parse in HEADER.items():
        if row.cells[column] == first.cells[column]:
            continue
        value, problems = parse_cells(row, {column: parse})
        yield from problems
        if column in header and column in value and value[column] != header[column]:
            yield row.bad(column, wording.other_value(first.cells[column], first.line))


def _line(row: Row) -> tuple[InvoiceLine | None, list[BadLine]]:
    if row.problem:
        return None, [row.problem]
    values, problems = parse_cells(row, LINE)
    if problems:
        return None, problems
    line = InvoiceLine(
        child=values["enfant"],
        service=values["prestation"],
        quantity=values["quantite"],
        amount_cents=values["montant"],
        **prices_of(values["prix_unitaire"]),
    )
    return line, check_line(line, row)


def _invoice(header: dict[str, Any], lines: tuple[InvoiceLine, ...]) -> Invoice:
    return Invoice(
        number=header["numero"],
        username=header["identifiant"],
        label=header["libelle"],
        period=header["periode"],
        issued_on=header["date_emission"],
        due_on=header["date_echeance"],
        billed_cents=header["montant_total"],
        paid_cents=header["montant_regle"],
        opening_cents=header["montant_regle"],
        lines=lines,
    )


def check_line(line: InvoiceLine, row: Row) -> list[BadLine]:
    """Returns an error unless the amount is quantity × unit price, rounded half-up."""
    expected = line_amount_cents(line.quantity, line.price * 100)
    if expected == line.amount_cents:
        return []
    return [row.bad("montant", wording.wrong_product(expected))]


def check_invoice(invoice: Invoice, rows: Sequence[Row]) -> list[BadLine]:
    """Returns the errors of days, amounts and number of lines, on the invoice's first line."""
    return [rows[0].bad(column, reason) for column, reason in _faults(invoice, rows)]


def _faults(invoice: Invoice, rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    total = sum(line.amount_cents for line in invoice.lines)
    if invoice.due_on < invoice.issued_on:
        yield "date_echeance", wording.DUE_BEFORE_ISSUE
    if total != invoice.billed_cents:
        yield "montant_total", wording.wrong_sum(total, block_starts(rows))
    elif total == 0 and is_duplicated(rows):
        yield "numero", wording.REPEATED_INVOICE
    if not min(0, invoice.billed_cents) <= invoice.paid_cents <= max(0, invoice.billed_cents):
        yield "montant_regle", wording.PAID_OUT_OF_BOUNDS
    if len(rows) > MAX_LINES:
        yield "numero", wording.too_many_lines(MAX_LINES)


def block_starts(rows: Sequence[Row]) -> tuple[int, ...]:
    """Returns the first line of each contiguous block of an invoice."""
    ends = {row.line + row.height for row in rows}
    return tuple(sorted(row.line for row in rows if row.line not in ends))


def is_duplicated(rows: Sequence[Row]) -> bool:
    """Whether every row is there twice, in two places of the file: the sum of a zero invoice would not reveal it."""
    counts = Counter(tuple(sorted(row.cells.items())) for row in rows)
    return len(block_starts(rows)) > 1 and all(count % 2 == 0 for count in counts.values())
