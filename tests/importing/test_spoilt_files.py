"""Files as they really come: one line in a hundred is bad, and some are no files of ours at all."""

import io
from itertools import chain
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.importing.accounts import read_accounts
from chalicelib.importing.children import read_children
from chalicelib.importing.invoices import read_invoices
from chalicelib.importing.rows import FileRefused
from chalicelib.importing.settlements import read_settlements
from local.town import files
from local.town.billing import Town
from tests.support.files import INVOICE_COLUMNS, day, text_of

HEADER = ";".join(INVOICE_COLUMNS).encode() + b"\n"


def spoil(column, cell):
    """Returns what puts `cell` into one column of a line."""
    at = INVOICE_COLUMNS.index(column)
    return lambda cells: [*cells[:at], cell, *cells[at + 1 :]]


SPOILERS = [
    spoil("montant", "0,01"),
    spoil("quantite", "beaucoup"),
    spoil("date_echeance", "31/02/2026"),
    spoil("prestation", "Cantine\x00"),
    spoil("prestation", '"Cantine'),
    lambda cells: cells[:7],
    lambda cells: ["n°" + cells[0], *cells[1:]],
]


def town_lines():
    """A month of a town as lines of cells, in an encoding of old."""
    town = Town(families=250, seed=3, today=day("2026-11-23"))
    rows = chain.from_iterable(map(files.invoice_rows, town.invoices(day("2026-10-01"))))
    return [[cell.encode("cp1252", "replace").decode("cp1252") for cell in row] for row in rows]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_each_bad_line_is_told_and_no_good_invoice_is_lost(mark):
    random, lines = Random(7), town_lines()  # noqa: S311 - which lines are spoilt is no secret
    spoilt = sorted(random.sample(range(len(lines)), len(lines) // 100))
    bad_numbers = {lines[index][0] for index in spoilt}
    numbers = {cells[0] for cells in lines}
    for turn, index in enumerate(spoilt):
        lines[index] = SPOILERS[turn % len(SPOILERS)](lines[index])
    encoding = "utf-8" if mark else "cp1252"
    stream = io.BytesIO(mark + HEADER + "\n".join(map(";".join, lines)).encode(encoding))
    records = list(read_invoices(stream))
    assert {record.value.number for record in records if record.value} == numbers - bad_numbers
    assert {index + 2 for index in spoilt} <= {fault.line for record in records for fault in record.problems}


@pytest.mark.parametrize("read", [read_accounts, read_children, read_invoices, read_settlements])
@given(content=st.binary(max_size=300))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_bytes_that_are_no_file_are_refused_in_words(read, content):
    with pytest.raises(FileRefused) as refusal:
        list(read(io.BytesIO(content)))
    assert all(bad.reason for bad in refusal.value.bad_lines)


@given(content=st.binary(max_size=400) | st.text(alphabet=';,"\r\n-0157€é=\x00 /', max_size=400).map(str.encode))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_bytes_below_a_good_header_make_records_or_faults(content):
    try:
        records = list(read_invoices(io.BytesIO(HEADER + content)))
    except FileRefused:
        return
    for record in records:
        assert (record.value is None) == bool(record.problems)
        assert all(2 <= fault.line <= content.count(b"\n") + 2 for fault in record.problems)


def test_an_invoice_comes_out_as_soon_as_its_last_line_is_read():
    row = dict.fromkeys(INVOICE_COLUMNS, "")
    content = text_of(INVOICE_COLUMNS, *(row | {"numero": str(number)} for number in range(500))).encode()
    stream = io.BytesIO(content)
    assert next(read_invoices(stream)).key == "0"
    assert stream.tell() < len(content) / 10
