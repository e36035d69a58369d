"""The file *factures*: one *prestation* a line, gathered into invoices that are right as a whole or refused as a whole.

Two readings: the first notes where each number ends, so that the second holds in memory only the invoices that are
still open; with an invoice's lines together, as billing software writes them, that is one.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from chalicelib.domain.invoice import Invoice, InvoiceLine
from chalicelib.importing import cells, wording
from chalicelib.importing.cells import parse_cells, required, text
from chalicelib.importing.invoice_checks import check_invoice, check_line
from chalicelib.importing.invoice_survey import Survey, survey_of
from chalicelib.importing.problems import BadLine
from chalicelib.importing.records import Record
from chalicelib.importing.table import Row, read_table


def paid(cell: str) -> int:
    """*Montant réglé* in cents: empty is zero."""
    return cells.cents(cell) if cell else 0


HEADER = {
    "numero": required(cells.invoice_number),
    "identifiant": required(cells.identifier),
    "libelle": required(text),
    "periode": text,
    "date_emission": required(cells.day),
    "date_echeance": required(cells.day),
    "montant_total": required(cells.cents),
    "montant_regle": paid,
}
LINE = {
    "enfant": text,
    "prestation": required(text),
    "quantite": required(cells.quantity),
    "prix_unitaire": required(cells.cents),
    "montant": required(cells.cents),
}
COLUMNS = [*HEADER, *LINE]


def read_invoices(stream: BinaryIO) -> Iterator[Record[Invoice]]:
    """Invoices of a seekable file, each when its last line has been read. Raises FileRefused."""
    survey = survey_of(stream, COLUMNS)
    open_ones: dict[str, list[Row]] = {}
    for row in read_table(stream, COLUMNS, kind=wording.INVOICES):
        number = row.cells.get("numero", "")
        if row.line in survey.orphans:
            yield _orphan(row)
            continue
        open_ones.setdefault(number, []).append(row)
        if row.line == survey.last_line[number]:
            yield _record(open_ones.pop(number), survey)


def _orphan(row: Row) -> Record[Invoice]:
    problems = [row.problem] if row.problem else parse_cells(row, HEADER | LINE)[1]
    return Record(row.line, "", None, tuple(problems))


def _record(rows: list[Row], survey: Survey) -> Record[Invoice]:
    invoice, problems = _read(rows)
    problems += survey.suspicions(rows[0])
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
    """What the invoice's other lines say otherwise than its first; « 57,00 » and « 57.00 » are the same."""
    for column, parse in HEADER.items():
        if row.cells[column] == first.cells[column]:
            continue
        value, problems = parse_cells(row, {column: parse})
        yield from problems
        if column in header and column in value and value[column] != header[column]:
            yield BadLine(row.line, column, wording.other_value(first.cells[column], first.line))


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
        unit_price_cents=values["prix_unitaire"],
        amount_cents=values["montant"],
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
