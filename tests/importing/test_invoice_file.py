"""Invoices of a file: right as a whole, or refused as a whole with every fault told."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.invoice import InvoiceLine, line_amount_cents
from chalicelib.importing import cells, invoices
from chalicelib.importing.invoices import read_invoices
from chalicelib.wording import importing as wording
from tests.support.files import INVOICE, INVOICE_COLUMNS, invoice_rows, stream_of

HALF = {"quantite": "10", "montant": "28,50"}


def read(*changes):
    return list(read_invoices(invoice_rows(*changes)))


def problems(*changes):
    return [(bad.line, bad.column, bad.reason) for record in read(*changes) for bad in record.problems]


def good_numbers(*changes):
    return [record.value.number for record in read(*changes) if record.value]


def test_the_guides_invoice_is_read():
    (record,) = read({})
    invoice = record.value
    assert (record.line, record.problems) == (2, ())
    assert (invoice.number, invoice.username, invoice.label) == (
        "169165", "100001", "Restauration Scolaire Mai Juillet 2011",
    )  # fmt: skip
    assert (invoice.issued_on, invoice.due_on) == (date(2011, 6, 1), date(2011, 6, 24))
    assert (invoice.billed_cents, invoice.paid_cents) == (5700, 0)
    assert invoice.lines == (
        InvoiceLine(
            child="Zoé", service="Restauration scolaire", quantity=Decimal(20), unit_price_cents=285, amount_cents=5700
        ),
    )


def test_lines_of_one_number_make_one_invoice_in_their_order():
    (record,) = read(HALF | {"enfant": "Zoé"}, HALF | {"enfant": "Émile", "montant_total": "57.00"})
    assert [line.child for line in record.value.lines] == ["Zoé", "Émile"]


@pytest.mark.parametrize("columns", [invoices.HEADER, invoices.LINE], ids=["of the invoice", "of its lines"])
def test_a_column_added_later_may_be_absent_and_is_checked_where_it_is(monkeypatch, columns):
    monkeypatch.setitem(columns, "jour", cells.may_be_absent(cells.optional(cells.day)))
    assert good_numbers({}) == ["169165"]
    assert good_numbers(HALF | {"enfant": "Zoé"}, HALF) == ["169165"]
    (record,) = read_invoices(stream_of([*INVOICE_COLUMNS, "jour"], INVOICE | {"jour": "demain"}))
    assert [(bad.line, bad.column, bad.reason) for bad in record.problems] == [(2, "jour", wording.NOT_A_DAY)]


def test_a_line_break_in_a_cell_becomes_a_space_and_does_not_cut_an_invoice_in_two():
    zero = {"quantite": "0", "montant": "0", "montant_total": "0", "prestation": '"Garderie\ndu matin"'}
    (record,) = read(zero, zero)
    assert [line.service for line in record.value.lines] == ["Garderie du matin"] * 2


def test_a_day_may_be_followed_by_its_hour():
    assert read({"date_emission": "01/06/2011 00:00"})[0].value.issued_on == date(2011, 6, 1)


EIGHT = {"quantite": "8", "montant": "25,00", "montant_total": "25,00"}


def test_a_price_finer_than_the_cent_is_kept_beside_its_cents():
    (record,) = read(EIGHT | {"prix_unitaire": "3,1250"})
    (line,) = record.value.lines
    assert (line.unit_price, line.unit_price_cents, line.amount_cents) == (Decimal("3.125"), 313, 2500)
    assert line.price == Decimal("3.125")
    assert line.model_dump(mode="json")["unit_price"] == "3.125"


def test_a_price_of_whole_cents_is_stored_as_it_always_was():
    (record,) = read({"prix_unitaire": "2,8500"})
    (line,) = record.value.lines
    assert (line.unit_price, line.unit_price_cents, line.price) == (None, 285, Decimal("2.85"))
    assert "unit_price" not in line.model_dump(mode="json")


@pytest.mark.parametrize(
    ("quantity", "price", "amount"), [("3", "0,3333", "1,00"), ("1", "0,125", "0,13"), ("-1", "0,125", "-0,13")]
)
def test_an_amount_is_rounded_half_up_from_the_exact_price(quantity, price, amount):
    change = {"quantite": quantity, "prix_unitaire": price, "montant": amount, "montant_total": amount}
    assert good_numbers(change) == ["169165"]
    assert problems(change | {"montant": "0,99"})[0][1] == "montant"


def test_a_number_may_hold_a_low_line():
    assert good_numbers({"numero": "2026_12"}) == ["2026_12"]


def test_leading_zeros_are_kept():
    assert good_numbers({"numero": "000169165"}) == ["000169165"]


def test_an_invoice_written_in_several_places_is_still_one():
    other = {"numero": "2"}
    assert good_numbers(HALF, other, HALF | {"enfant": "Émile"}) == ["2", "169165"]


def test_an_invoice_given_twice_is_refused_and_both_places_told():
    assert problems({}, {"numero": "2"}, {}) == [(2, "montant_total", wording.wrong_sum(11400, (2, 4)))]
    zero = {"quantite": "0", "montant": "0", "montant_total": "0"}
    assert problems(zero, {"numero": "2"}, zero) == [(2, "numero", wording.REPEATED_INVOICE)]


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"montant": "57,01"}, "montant", wording.wrong_product(5700)),
        ({"montant_total": "58,00"}, "montant_total", wording.wrong_sum(5700)),
        ({"date_echeance": "31/05/2011"}, "date_echeance", wording.DUE_BEFORE_ISSUE),
        ({"montant_regle": "57,01"}, "montant_regle", wording.PAID_OUT_OF_BOUNDS),
        ({"montant_regle": "-0,01"}, "montant_regle", wording.PAID_OUT_OF_BOUNDS),
        ({"numero": "16/9165"}, "numero", wording.number_instead("16/9165", "16-9165")),
        ({"numero": "2026 . 12"}, "numero", wording.number_instead("2026 . 12", "2026-12")),
        ({"numero": "16/9165/é"}, "numero", wording.NOT_AN_INVOICE_NUMBER),
        ({"prix_unitaire": "2,85001"}, "prix_unitaire", wording.NOT_A_PRICE),
        ({"montant": "57,001"}, "montant", wording.NOT_AN_AMOUNT),
        ({"numero": "1" * 21}, "numero", wording.NOT_AN_INVOICE_NUMBER),
        ({"identifiant": ""}, "identifiant", wording.EMPTY),
        ({"libelle": "Facture\x00"}, "libelle", wording.CONTROL_CHARACTER),
        ({"quantite": "vingt"}, "quantite", wording.NOT_A_QUANTITY),
        ({"date_emission": "31/02/2011"}, "date_emission", wording.NOT_A_DAY),
    ],
)
def test_a_fault_is_told_by_line_column_and_reason_and_the_others_are_good(change, column, reason):
    assert problems({"numero": "1"}, change, {"numero": "3"}) == [(3, column, reason)]
    assert good_numbers({"numero": "1"}, change, {"numero": "3"}) == ["1", "3"]


def test_every_fault_of_every_line_is_told():
    found = problems(HALF | {"prix_unitaire": "x", "date_emission": "y"}, HALF | {"montant": "z", "enfant": "\x00"})
    assert [(line, column) for line, column, _ in found] == [
        (2, "date_emission"), (2, "prix_unitaire"), (3, "enfant"), (3, "montant"),
    ]  # fmt: skip


def test_lines_that_disagree_about_their_invoice_are_told():
    assert problems(HALF, HALF | {"date_echeance": "25/06/2011"}) == [
        (3, "date_echeance", wording.other_value("24/06/2011", 2))
    ]


@pytest.mark.parametrize("spoilt", ['169165;"100001;x', "169165;100001"])
def test_an_unreadable_line_keeps_the_whole_of_its_invoice_out(spoilt):
    stream = invoice_rows({}, {"numero": "2"})
    content = stream.getvalue() + spoilt.encode() + b"\r\n"
    stream.seek(0)
    stream.write(content)
    records = {record.line: record for record in read_invoices(stream)}
    assert records[2].value is None
    assert [bad.line for bad in records[2].problems] == [4]
    assert records[3].value.number == "2"


def test_a_line_without_number_taints_its_neighbours_only_when_no_sum_would_show_it():
    assert good_numbers({"numero": "1"}, {"numero": ""}, {"numero": "3"}) == ["1", "3"]
    free = {"numero": "", "quantite": "0", "montant": "0,00"}
    assert good_numbers({"numero": "1"}, free, {"numero": "3"}, {"numero": "4"}) == ["4"]
    assert [line for line, _, _ in problems({"numero": "1"}, free, {"numero": "3"})] == [2, 3, 4]


def test_a_credit_note_and_a_zero_invoice_are_invoices():
    credit = {"quantite": "-2", "montant": "-5,70", "montant_total": "-5,70"}
    zero = {"numero": "2", "quantite": "0", "montant": "0", "montant_total": "0,00"}
    assert [record.value.billed_cents for record in read(credit, zero)] == [-570, 0]
    assert problems(credit | {"montant_regle": "-0,01"}) == []
    assert problems(credit | {"montant_regle": "1"}) == [(2, "montant_regle", wording.PAID_OUT_OF_BOUNDS)]


def test_three_hundred_lines_are_the_most():
    row = {"quantite": "1", "prix_unitaire": "1", "montant": "1"}
    assert good_numbers(*[row | {"montant_total": "300"}] * 300) == ["169165"]
    assert problems(*[row | {"montant_total": "301"}] * 301) == [(2, "numero", wording.too_many_lines(300))]


@given(st.decimals(min_value=-400, max_value=400, places=2), st.integers(min_value=0, max_value=20_000))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_quantity_times_price_rounds_half_up_to_the_cent(quantity, price):
    amount = line_amount_cents(quantity, price)
    row = INVOICE | {"quantite": str(quantity), "prix_unitaire": euros(price), "montant": euros(amount)}
    records = list(read_invoices(stream_of(INVOICE_COLUMNS, row | {"montant_total": euros(amount)})))
    assert records[0].value.lines[0].amount_cents == amount
    wrong = row | {"montant": euros(amount + 1), "montant_total": euros(amount + 1)}
    assert next(read_invoices(stream_of(INVOICE_COLUMNS, wrong))).value is None


def euros(cents):
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"
